use super::*;
use proptest::prelude::*;

fn sealer(keys: &[&SealKey]) -> Sealer {
    Sealer::new(keys.iter().map(|key| (*key).clone()).collect()).unwrap()
}

fn place() -> Place {
    Place::row("signing_key", "private", Uuid::from_u128(7))
}

#[test]
fn a_secret_opens_only_where_it_was_put() {
    let sealer = sealer(&[&SealKey::generate()]);
    let blob = sealer.seal(&place(), b"the private key");
    assert_eq!(sealer.open(&place(), &blob).unwrap().expose(), b"the private key");
    for elsewhere in [
        Place::row("signing_key", "private", Uuid::from_u128(8)),
        Place::row("signing_key", "public", Uuid::from_u128(7)),
        Place::row("provider", "private", Uuid::from_u128(7)),
        Place::row("signing_ke", "yprivate", Uuid::from_u128(7)),
        Place::keyed("signing_key", "private", "7"),
    ] {
        assert_eq!(sealer.open(&elsewhere, &blob).err(), Some(SealError::Forged), "{elsewhere:?}");
    }
    assert_ne!(blob, sealer.seal(&place(), b"the private key"), "every seal has its own nonce");
    assert!(!blob.windows(7).any(|part| part == b"private"));
}

#[test]
fn no_byte_can_be_changed_and_none_removed() {
    let sealer = sealer(&[&SealKey::generate()]);
    let blob = sealer.seal(&place(), b"plain");
    for at in 0..blob.len() {
        for bit in [1, 0x80] {
            let mut forged = blob.clone();
            forged[at] ^= bit;
            let error = sealer.open(&place(), &forged).err();
            let expected = match at {
                0 => matches!(error, Some(SealError::Malformed)),
                1..=KEY_ID => matches!(error, Some(SealError::UnknownKey(_))),
                _ => matches!(error, Some(SealError::Forged)),
            };
            assert!(expected, "byte {at}: {error:?}");
        }
    }
    for length in 0..blob.len() {
        let error = sealer.open(&place(), &blob[..length]).err();
        assert_eq!(error, Some(if length < HEADER + TAG { SealError::Malformed } else { SealError::Forged }), "{length} bytes");
    }
    let longer = [blob.as_slice(), b"x"].concat();
    assert_eq!(sealer.open(&place(), &longer).err(), Some(SealError::Forged));
}

#[test]
fn the_first_key_seals_and_all_open() {
    let (old, new, stranger) = (SealKey::generate(), SealKey::generate(), SealKey::generate());
    let (before, during, after) = (sealer(&[&old]), sealer(&[&new, &old]), sealer(&[&new]));
    let blob = before.seal(&place(), b"plain");
    assert_eq!(during.open(&place(), &blob).unwrap().expose(), b"plain");
    assert_eq!(after.open(&place(), &blob).err(), Some(SealError::UnknownKey(old.key_id())));
    let moved = during.seal(&place(), during.open(&place(), &blob).unwrap().expose());
    assert_eq!(after.open(&place(), &moved).unwrap().expose(), b"plain");
    // A stranger's key under the name of a known one.
    let mut renamed = sealer(&[&stranger]).seal(&place(), b"plain");
    renamed[1..=KEY_ID].copy_from_slice(&new.key_id().0);
    assert_eq!(after.open(&place(), &renamed).err(), Some(SealError::Forged));
    assert!(matches!(Sealer::new(vec![]).err(), Some(SealKeyError::None)));
    assert!(matches!(Sealer::new(vec![new.clone(), old, new]).err(), Some(SealKeyError::Twice(_))));
}

#[test]
fn the_check_value_knows_its_key() {
    let (old, new, stranger) = (SealKey::generate(), SealKey::generate(), SealKey::generate());
    let check = sealer(&[&old]).check_value();
    assert_eq!(check, sealer(&[&old]).check_value());
    assert!(sealer(&[&old]).verifies(&check) && sealer(&[&new, &old]).verifies(&check));
    assert!(!sealer(&[&new]).verifies(&check) && !sealer(&[&stranger]).verifies(&check));
    assert!(!sealer(&[&old]).verifies(&check[..KEY_ID]) && !sealer(&[&old]).verifies(b""));
}

#[test]
fn keys_are_read_as_people_write_them() {
    let key = SealKey::parse("  3q2+7wECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw=\n").unwrap();
    assert_eq!(key.to_text().expose(), "3q2-7wECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw");
    assert_eq!(SealKey::parse(key.to_text().expose()).unwrap().key_id(), key.key_id());
    assert_ne!(SealKey::generate().key_id(), SealKey::generate().key_id());
    for (text, error) in [
        ("", SealKeyError::Length(0)),
        ("c2hvcnQ=", SealKeyError::Length(5)),
        ("not base64!", SealKeyError::Encoding),
        ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", SealKeyError::Placeholder),
    ] {
        assert_eq!(SealKey::parse(text).err(), Some(error), "{text:?}");
    }
    let shown = format!("{key:?} {:?} {}", sealer(&[&key]), key.key_id());
    assert!(!shown.contains("3q2") && !shown.contains("deadbeef") && !shown.contains("222"), "{shown}");
}

#[test]
fn keyed_hashes_are_bound_to_purpose_parts_and_key() {
    let (old, new) = (SealKey::generate(), SealKey::generate());
    let (before, during, after) = (sealer(&[&old]), sealer(&[&new, &old]), sealer(&[&new]));
    let mac = before.mac("refresh", &[b"ab", b"c"]);
    assert_eq!(mac, before.mac("refresh", &[b"ab", b"c"]));
    assert!(before.verify_mac("refresh", &[b"ab", b"c"], &mac) && during.verify_mac("refresh", &[b"ab", b"c"], &mac));
    assert!(!after.verify_mac("refresh", &[b"ab", b"c"], &mac));
    assert!(!before.verify_mac("nonce", &[b"ab", b"c"], &mac));
    for other in [&[b"a".as_slice(), b"bc"], [b"abc".as_slice(), b""].as_slice(), &[b"abc"], &[b"ab", b"c", b""], &[]] {
        assert!(!before.verify_mac("refresh", other, &mac), "{other:?}");
    }
    assert!(!before.verify_mac("refresh", &[b"ab", b"c"], &mac[..31]) && !before.verify_mac("refresh", &[b"ab", b"c"], b""));
    assert_ne!(during.mac("refresh", &[b"ab", b"c"]), mac, "the first key makes them");
}

proptest! {
    #[test]
    fn what_is_sealed_opens_to_the_same(plain in proptest::collection::vec(any::<u8>(), 0..2000), row in any::<u128>(), key in ".*") {
        let sealer = sealer(&[&SealKey::generate()]);
        for place in [Place::row("table", "column", Uuid::from_u128(row)), Place::keyed("table", "column", &key)] {
            let blob = sealer.seal(&place, &plain);
            prop_assert_eq!(blob.len(), HEADER + plain.len() + TAG);
            let opened = sealer.open(&place, &blob).unwrap();
            prop_assert_eq!(opened.expose(), &plain);
        }
    }

    #[test]
    fn noise_never_opens(noise in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(sealer(&[&SealKey::generate()]).open(&place(), &noise).is_err());
    }
}
