//! What is refused: files that cannot be read, people who may not, forms that are not ours.

use super::{MANY, token, upload, uploaded};
use crate::invitations::{OLGA, Office};
use crate::support::house::{Backend, on_both};

on_both! {
    a_file_that_cannot_be_read_is_refused_kindly
    others_hear_nothing_and_stop_what_they_may
}

const COUNT: &str = "SELECT (SELECT COUNT(*) FROM bulk_invitations) + (SELECT COUNT(*) FROM invitations) + (SELECT COUNT(*) FROM jobs)";

async fn a_file_that_cannot_be_read_is_refused_kindly(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    let csrf = token(&mut olga).await;
    let csrf = [("csrf", csrf.as_str())];
    let many = (0..50_003).fold("email\n".to_owned(), |text, n| text + &format!("{n}@a.example\n"));
    let large = vec![b'x'; 5 * 1024 * 1024 + 1];
    for (file, message) in [
        (&b"email,rolle\nbo@acme.example,viewer\n"[..], "These columns are not known: rolle"),
        (b"email,name\nbo@acme.example,Bo\nana@acme.example,\xc1lvarez\n", "Row 3 is not written in UTF-8"),
        (b"email,name\nbo@acme.example,\"Bo\n", "In row 2 a quotation mark opens"),
        (b"name\nBo\n", "no column called email"),
        (b"email,email\nbo@acme.example,x\n", "stands there twice"),
        (b"email\n", "no rows below the header"),
        (b"<script>alert(1)</script>", "not known: &#60;script&#62;"),
        (many.as_bytes(), "The file has 50\u{202f}003 rows"),
        (&large, "larger than 5 MB"),
    ] {
        let (status, _, body) = upload(&office, &olga, &csrf, Some(("people.csv", file))).await;
        let error = body.split("id=\"file-error\"").nth(1).and_then(|rest| rest.split("</p>").next()).unwrap_or_else(|| panic!("{status}: {message}"));
        assert!(status == 422 && error.contains(message), "{status} {message}: {error}");
        assert!(!body.contains("<script>alert"));
    }
    // What was pasted is still there, and either is enough.
    let (status, _, body) = upload(&office, &olga, &[csrf[0], ("text", "email,x\nbo@acme.example,1")], None).await;
    assert!(status == 422 && body.contains("id=\"text-error\"") && body.contains("\nemail,x\nbo@acme.example,1</textarea>"), "{body}");
    for (text, file, message) in [("", &b""[..], "Choose a file or paste"), ("email\nbo@acme.example", b"email\nbo@acme.example", "but not both")] {
        let (status, _, body) = upload(&office, &olga, &[csrf[0], ("text", text)], Some((if file.is_empty() { "" } else { "a.csv" }, file))).await;
        assert!(status == 422 && body.contains(message), "{message}: {body}");
    }
    let good = &b"email,app,stage,role\nbo@acme.example,sales,production,viewer\n"[..];
    for forged in [&[("csrf", "x")][..], &[]] {
        assert_eq!(upload(&office, &olga, forged, Some(("people.csv", good))).await.0, 403);
    }
    assert_eq!(office.count(COUNT).await, 0);
    let (status, to, _) = upload(&office, &olga, &[csrf[0], ("text", std::str::from_utf8(good).expect("a text"))], None).await;
    assert_eq!((status.as_u16(), olga.get(&to).await.text_contains("Pasted rows")), (303, true));
    // A name of a file is a text like any other.
    let (status, to, _) = upload(&office, &olga, &csrf, Some(("C:\\x\\<b>\u{202e}vsc.csv", good))).await;
    let page = olga.get(&to).await;
    assert!(status == 303 && page.text_contains("<b>\u{fffd}vsc.csv") && !page.body.contains("<b>\u{fffd}"), "{status} {}", page.text());
    office.close().await;
}

async fn others_hear_nothing_and_stop_what_they_may(backend: Backend) {
    let office = Office::open(backend).await;
    let mut lena = office.browser("lena@acme.example").await;
    let (mut mira, mut uma, mut nora) =
        (office.browser("mira@acme.example").await, office.browser("uma@acme.example").await, office.browser("nora@acme.example").await);
    // Of what she may not give she hears the same as of what is not there. Who is here she does not learn.
    let file = "email,app,stage,role,organization_role\na@acme.example,wiki,production,author,\nb@acme.example,nowhere,production,author,\n\
                c@acme.example,,,,tester\nolga@acme.example,sales,production,viewer,\nd@acme.example,sales,production,viewer,\n";
    let path = uploaded(&office, &mut lena, file).await;
    let page = lena.get(&path).await;
    assert!(
        page.text_contains("3 cannot be invited")
            && page.text_contains("no app “wiki” of which you may give")
            && page.text_contains("no app “nowhere” of which you may give"),
        "{}",
        page.text()
    );
    let good = lena.get(&format!("{path}?state=waiting")).await;
    assert_eq!(good.text().matches("Will be invited").count(), 2, "{}", good.text());
    let form = page.form(&path);
    // Somebody else who may invite: there is no such file.
    for path in [path.clone(), format!("{path}/rows.csv"), format!("{path}/cancel")] {
        assert_eq!(mira.get(&path).await.status, 404);
        assert_eq!(nora.get(&path).await.status, 403);
    }
    assert!(mira.get(MANY).await.text_contains("No files yet"));
    // Who manages users sees it and throws it away, but never sends in her name.
    let seen = uma.get(&path).await;
    assert!(seen.text_contains("Uploaded by lena@acme.example") && seen.element("start").is_none() && seen.element("discard").is_some(), "{}", seen.text());
    let page = uma.get(MANY).await;
    assert!(page.text_contains("lena@acme.example") && page.element("upload-form").is_none(), "{}", page.text());
    let token = seen.form(&path).press("discard").1.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let denied = uma.post_from(&format!("{}{path}", office.house.issuer), &path, &[("csrf", &token), ("do", "start")]).await;
    assert_eq!(denied.status, 403);
    let odd = uma.post_from(&format!("{}{path}", office.house.issuer), &path, &[("csrf", &token), ("do", "dance")]).await;
    assert_eq!(odd.status, 409);
    assert_eq!(office.count("SELECT COUNT(*) FROM bulk_invitations WHERE state = 'checked'").await, 1);
    // What happens to somebody whom she may not see looks like anything else.
    lena.submit(&form, "start").await;
    let page = super::reads(&mut lena, &path, "Finished").await;
    assert!(page.text_contains("2 done"), "{}", page.text());
    let done = lena.get(&format!("{path}?state=done")).await;
    assert!(done.text().matches("example Invited").count() == 2 && !done.body.contains("/portal/users/0"), "{}", done.text());
    let olga = "SELECT COUNT(*) FROM end_user_grants g JOIN users u ON u.id = g.user_id WHERE u.email_key = 'olga@acme.example'";
    assert_eq!(office.count(olga).await, 1);
    office.close().await;
}
