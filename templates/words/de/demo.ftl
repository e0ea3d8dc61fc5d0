# Die Demo-App: was Neulinge ausprobieren und herumzeigen.

## Vorher
demo-title = Ausprobieren
demo-try = { $app } ausprobieren
demo-lead = Sehen Sie an einer echten Anmeldung, was diese App erfährt, wenn sich jemand anmeldet.
demo-step-sign-in = Sie melden sich hier an, wie es alle tun werden, die die App benutzen.
demo-step-code = Die Demo-App bekommt einen Code und löst ihn gegen Tokens ein, wie es jede App tut: Authorization Code Flow mit PKCE.
demo-step-claims = Sie sehen die Tokens: jede Angabe, was sie bedeutet, und von wem Sie haben, was darin steht.
demo-sign-in-to = Bei { $app } anmelden
demo-keeps-nothing = Die Demo-App gehört zu Gatehouse. Sie speichert nichts.
demo-off-title = Die Demo-App ist hier ausgeschaltet
demo-off-enable = Sie braucht einen eigenen Client für diese App auf dieser Stage. Sie dürfen ihn anlegen: Danach können auch andere, die hier eine Rolle haben, sie ausprobieren.
demo-off-closed = Wer die Clients dieser App verwaltet, kann sie einschalten: auf dieser Seite, sobald er oder sie angemeldet ist.
demo-enable = Einschalten
demo-enable-denied = Sie dürfen sie nicht einschalten: Dafür braucht es die Berechtigung, die Clients dieser App auf dieser Stage zu verwalten. Wurde der Client gesperrt, braucht es diese Berechtigung für die ganze Organisation.

## Wenn es nicht zu Ende kam
demo-over-title = Diese Anmeldung ist vorbei
demo-over = Ihre Antwort ist verbraucht: Tokens werden einmal gezeigt und nirgends aufbewahrt. Nichts ging verloren, und nichts wurde noch einmal gesendet.
demo-other-title = Diese Antwort gehört zu einer anderen Anmeldung
demo-other = Sie haben eine neuere begonnen, vielleicht in einem anderen Fenster. Machen Sie dort weiter oder beginnen Sie von vorn.
demo-cancelled-title = Sie sind zurückgegangen
demo-cancelled = Keine Anmeldung, keine Tokens: Die Demo-App hat nur erfahren, dass Sie nicht wollten.
demo-no-role-title = { $who } hat hier keine Rolle
demo-no-role = { $app } auf { $stage } lässt nur herein, wer dort eine Rolle hat. Geben Sie { $who } eine, oder melden Sie sich als jemand anderes an.
demo-other-person = Als jemand anderes anmelden
demo-failed-title = Die Anmeldung ist nicht geglückt
demo-failed = Die Demo-App hat keine Tokens bekommen. Beginnen Sie von vorn; wenn es dabei bleibt: Das hat der Server gesagt.
demo-said = Gesagt
demo-said-why = Weil
demo-begin-again = Von vorn beginnen
demo-unknown-place = Beginnen Sie von vorn bei der App, die Sie ausprobieren wollten.

## Was kam
demo-result-title = Was die App erfahren hat
demo-result = Was { $app } erfahren hat
demo-result-lead = { $who } hat sich bei { $app } angemeldet
demo-on-this-page = Auf dieser Seite
demo-access-token = Access-Token
demo-access-token-text = Die App schickt es mit jeder Anfrage an ihre API. Die API prüft es selbst und muss niemanden fragen.
demo-id-token = ID-Token
demo-id-token-text = Es sagt der App, wer sich wann und wie angemeldet hat. Es ist nur für die App bestimmt und wird nie weitergeschickt.
demo-userinfo = Userinfo
demo-userinfo-text = Was der Server antwortet, wenn die App mit dem Access-Token fragt, wer das ist.
demo-bytes = { $count ->
    [one] 1 Byte
   *[other] { $count } Bytes
  }
demo-claim = Angabe
demo-value = Wert
demo-meaning = Was sie bedeutet
demo-empty-list = keine
demo-why = Woher das kommt
demo-all-of-them = Alle
demo-gone = Inzwischen nicht mehr vorhanden.
demo-ways-more = { $count ->
    [one] und ein weiterer Weg
   *[other] und { $count } weitere Wege
  }
demo-role = Rolle
demo-role-of = Rolle von { $app }
demo-organization-role = Organisationsrolle
demo-organization-role-for = Organisationsrolle für { $app }
demo-group = Gruppe
demo-member = Mitglied { $by }
demo-group-got = der Gruppe gegeben { $by }
demo-given-because = { $by }: { $reason }
demo-json = Als JSON
demo-json-and-raw = Als JSON, und wie es gesendet wurde
demo-header = Kopf (Header)
demo-payload = Inhalt (Payload)
demo-raw = Das Token, wie es gesendet wurde
demo-copy = Kopieren
demo-copied = Kopiert
demo-use = Benutzen
demo-use-text = Fügen Sie das in ein Terminal ein, solange das Token lebt: Es fragt, wer das ist. Behandeln Sie die Zeile wie ein Passwort.
demo-verify = In Ihrer API prüfen
demo-verify-text = Ihre API nimmt ein Token nur an, wenn das alles stimmt. Die Beispiele verlangen die Berechtigung { $permission }.
demo-language = Sprache
demo-install = Braucht
demo-next = Und jetzt?
demo-next-text = Das waren Sie. Andere sehen, was ihnen gegeben wurde, und sonst nichts.
demo-invite = Jemanden einladen

## Was die Angaben bedeuten
claim-iss = Wer das sagt: die Adresse dieses Servers. Nehmen Sie keine andere an.
claim-sub = Um wen es geht: eine Kennung, die sich nie ändert und nie jemand anderem gegeben wird.
claim-aud-access = Für wen es bestimmt ist: die API dieser App auf dieser Stage. Weisen Sie jedes Token ab, das eine andere nennt.
claim-aud-id = Für wen es bestimmt ist: den Client, der gefragt hat.
claim-azp = Der Client, der gefragt hat, noch einmal: Das müssen Sie selbst sein.
claim-client-id = Der Client, der nach dem Token gefragt hat.
claim-name = Der Name, wie die Person ihn schreibt.
claim-profile = Aus dem Profil der Person.
claim-email = Die Adresse, mit der sich die Person anmeldet.
claim-email-verified = Ob die Person gezeigt hat, dass Post an diese Adresse bei ihr ankommt.
claim-org-id = Die Organisation: eine Kennung, die sich nie ändert.
claim-org-name = Der Name der Organisation, zum Anzeigen.
claim-app = Der Schlüssel der App, von der das Token spricht.
claim-stage = Der Schlüssel der Stage, von der das Token spricht.
claim-roles = Rollen dieser App auf dieser Stage, als Schlüssel. Fragen Sie lieber nach Berechtigungen als nach Rollen.
claim-permissions = Was die Person in dieser App auf dieser Stage darf, auch mittelbar. Danach fragt Ihre API.
claim-groups = Gruppen der Person auf dieser Stage, als Schlüssel.
claim-org-roles = Rollen der Organisation, von denen etwas für diese App auf dieser Stage zählt.
claim-scope = Was die App erfahren wollte und durfte. Es sagt nichts darüber, was die Person darf.
claim-iat = Wann es ausgestellt wurde.
claim-exp = Bis wann es gilt: einige Minuten, und nie länger als der kürzeste Zugriff, den es trägt.
claim-exp-id = Bis wann es gilt. Die App liest es einmal, also genügen einige Minuten.
claim-auth-time = Wann die Person zuletzt gezeigt hat, wer sie ist.
claim-acr = Wie sicher diese Anmeldung ist.
claim-amr = Womit die Person gezeigt hat, wer sie ist: pwd ist ein Passwort.
claim-sid = Die Sitzung hier. Endet sie, endet alles, was an ihr hängt.
claim-azid = Die Ermächtigung, an der dieses Token hängt: Sie lässt sich als Ganzes zurücknehmen.
claim-jti = Die Nummer dieses Tokens; kein anderes hat sie.
claim-nonce = Was die App am Anfang mitgeschickt hat: So kann ihr niemand das Token einer anderen Anmeldung unterschieben.
claim-at-hash = Die Hälfte des Hashes des Access-Tokens: So weiß die App, dass beide zusammengehören.
claim-updated-at = Wann das Profil zuletzt geändert wurde.
claim-ver = Die Fassung dieses Vertrags zwischen Gatehouse und Ihrer App.
claim-other = Eine Angabe, die nicht zum Vertrag gehört.
