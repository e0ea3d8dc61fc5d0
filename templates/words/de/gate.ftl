# Was Gatehouse sagt, auf Deutsch. Kurz, menschlich, genau: was passiert ist und was jetzt zu tun ist.
# Auszeichnung steht hier nie; die Vorlagen fügen sie hinzu und stellen jeden Namen für sich.

## Überall
footer = Geschützt durch Gatehouse
at-stage = { $app } auf { $stage }
group-at-stage = Gruppe auf { $stage }
until = bis { $date }
no-end = unbefristet
mail-sent-by = { $organization } hat diese E-Mail über Gatehouse gesendet.

## Anmelden
sign-in-title = Anmelden
sign-in-to-app = weiter zu { $app }
sign-in-to-organization = bei { $organization }
sign-in-button = Anmelden
sign-in-wrong = E-Mail-Adresse und Passwort passen nicht zusammen.
sign-in-new-here = Neu hier? Bitten Sie Ihren Administrator um eine Einladung.
email = E-Mail-Adresse
password = Passwort
cancel = Abbrechen

## Zustimmung
consent-title = Zugriff erlauben?
consent-lead = { $client } möchte in Ihrem Namen handeln.
consent-lead-app = { $client } möchte in { $app } in Ihrem Namen handeln.
consent-signed-in-as = Angemeldet als { $person }
consent-it-could = Was Sie damit erlauben
consent-offline = All das auch in Ihrer Abwesenheit tun, bis Sie die Erlaubnis zurücknehmen
consent-loopback-title = Haben Sie das selbst gestartet?
consent-loopback = { $client } läuft auf Ihrem eigenen Gerät. Dort kann sich auch ein anderes Programm so nennen. Erlauben Sie den Zugriff nur, wenn Sie { $client } gerade selbst gestartet haben.
consent-allow = Erlauben
consent-site = Über { $client }
consent-policy = Datenschutzerklärung
consent-tos = Nutzungsbedingungen

## Einladungen
invitation-title = Ihre Einladung zu { $organization }
invitation-lead = { $inviter } hat Sie unter der E-Mail-Adresse { $email } eingeladen.
invitation-offers = Das bekommen Sie
invitation-no-offers = Noch keine Rollen. Die können Sie bekommen, sobald Sie dabei sind.
invitation-expires = Diese Einladung gilt bis zum { $date }.
invitation-you = Über Sie
invitation-name = Ihr Name
invitation-name-hint = So, wie man Sie im Team kennt
invitation-password = Passwort wählen
invitation-password-hint = Mindestens { $min } Zeichen. Ein paar Wörter hintereinander sind leicht zu merken und schwer zu erraten.
invitation-accept = Annehmen und anmelden
invitation-decline-summary = Ich möchte die Einladung nicht annehmen
invitation-decline-text = Wenn Sie ablehnen, ist diese Einladung beendet: Link und Code funktionieren nicht mehr, und { $inviter } sieht, dass Sie abgelehnt haben. Man kann Sie später wieder einladen.
invitation-decline = Einladung ablehnen
invitation-code-title = Einladungscode eingeben
invitation-code-lead = Der Code steht in der E-Mail mit Ihrer Einladung. Er gilt nur zusammen mit der Adresse, an die diese E-Mail ging.
invitation-code = Code
invitation-code-hint = 6 Zeichen aus Buchstaben und Ziffern
invitation-code-button = Einladung öffnen
invitation-code-wrong = Zu diesem Code und dieser E-Mail-Adresse gibt es keine offene Einladung. Prüfen Sie beides; ein neuer Code ersetzt den älteren.
invitation-declined-title = Einladung abgelehnt
invitation-declined = Sie haben abgelehnt, und die Einladung ist beendet.
invitation-declined-hint = Doch anders überlegt? Bitten Sie { $inviter }, Sie noch einmal einzuladen.
invitation-accepted-title = Schon angenommen
invitation-accepted = Diese Einladung wurde schon angenommen und lässt sich nicht noch einmal verwenden.
invitation-accepted-hint = Waren Sie das? Dann melden Sie sich mit Ihrer E-Mail-Adresse an. Wenn nicht, sagen Sie Ihrem Administrator Bescheid.
invitation-expired-title = Einladung abgelaufen
invitation-expired = Diese Einladung gilt nicht mehr.
invitation-expired-hint = Wenden Sie sich an die Person, die Sie eingeladen hat, und bitten Sie um eine neue E-Mail.
invitation-unknown-title = Einladung nicht gefunden
invitation-unknown = Zu diesem Link oder Code gibt es keine offene Einladung.
invitation-unknown-hint = Öffnen Sie den Link aus der neuesten E-Mail; eine neue Einladung ersetzt die ältere. Hilft das nicht, lassen Sie sich noch einmal einladen.
name-missing = Bitte geben Sie Ihren Namen an.
name-too-long = Ein Name darf höchstens { $most } Zeichen haben.
name-strange = Der Name enthält Zeichen, die sich nicht anzeigen lassen. Bitte tippen Sie ihn noch einmal ein.
password-too-short = Das Passwort braucht mindestens { $min } Zeichen.
password-too-long = Das Passwort darf höchstens 256 Zeichen haben.
password-strange = Das Passwort enthält Zeichen, die nicht jede Tastatur hat. Bitte wählen Sie ein anderes.
password-personal = Das Passwort ist aus Ihrem Namen oder Ihrer Adresse gebildet. Bitte wählen Sie ein anderes.
password-guessable = Dieses Passwort ist leicht zu erraten. Gut sind ein paar Wörter, die nichts miteinander zu tun haben.
welcome-title = Willkommen, { $name }
welcome-lead = Sie gehören jetzt zu { $organization }.
welcome-lead-signed-in = Sie gehören jetzt zu { $organization } und sind angemeldet.
welcome-apps = Ihre Apps
welcome-no-link = Öffnen wie im Team üblich
welcome-empty-title = Noch keine Apps
welcome-empty = Sobald Ihnen jemand Zugriff auf eine App gibt, bekommen Sie eine E-Mail.

## Abmelden
logout-title = Abmelden?
logout-lead = Damit melden Sie sich hier ab und auch in den Apps, die Sie von hier aus geöffnet haben.
logout-lead-client = { $client } möchte Sie abmelden. Damit werden Sie auch in den anderen Apps abgemeldet, die Sie von hier aus geöffnet haben.
logout-nobody = Hier scheint niemand angemeldet zu sein. Abmelden schadet trotzdem nicht.
logout-button = Abmelden
logout-stay = Angemeldet bleiben
logout-own-pages = Portal und Konto
logged-out-title = Sie sind abgemeldet
logged-out = Nutzen auch andere dieses Gerät? Dann schließen Sie jetzt den Browser.

## Wenn etwas nicht stimmt
error-parameter = Was nicht stimmt
error-request = Anfragenummer
error-help = Passiert das noch einmal, nennen Sie Ihrem Administrator die Anfragenummer.
error-redirect-title = Dieser Link führt nicht weiter
error-redirect = Die App wollte Sie zu einer Adresse schicken, die für diese App nicht registriert ist. Zu Ihrer Sicherheit brechen wir hier ab.

error-request-title = Diese Anfrage lässt sich nicht beantworten
error-request-text = Die App hat etwas angefragt, das wir nicht beantworten können. Gehen Sie zurück zur App und versuchen Sie es noch einmal; bleibt es dabei, wenden Sie sich an deren Hersteller.
error-fault-title = Etwas ist schiefgegangen
error-fault = Der Fehler liegt bei uns, nicht bei Ihnen, und nichts ist verloren gegangen. Bitte versuchen Sie es gleich noch einmal.
error-not-found-title = Hier ist nichts
error-not-found = Diese Adresse gibt es bei uns nicht. Prüfen Sie sie auf Tippfehler, oder öffnen Sie direkt die App, die Sie nutzen möchten.
error-stale-title = Diese Seite ist veraltet
error-stale = Das Formular wurde in einem anderen Fenster oder vor zu langer Zeit geöffnet. Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und wiederholen Sie den letzten Schritt.
error-too-large-title = Das ist zu viel
error-too-large = Es wurde mehr gesendet, als diese Seite annimmt. Es wurde nichts geändert.
error-slow-title = Das hat zu lange gedauert
error-slow = Nicht alles, was gesendet wurde, kam rechtzeitig an. Es wurde nichts geändert. Gehen Sie zurück, und senden Sie es noch einmal.
error-no-attempt-title = Keine Anmeldung offen
error-no-attempt = Diese Anmeldung wurde in einem anderen Browser begonnen, ist schon abgeschlossen oder hat zu lange gedauert. Öffnen Sie die App noch einmal: Von dort kommen Sie wieder hierher.
error-busy-title = Einen Moment, bitte
error-busy = Gerade melden sich sehr viele Menschen an. Bitte versuchen Sie es in ein paar Sekunden noch einmal.
error-signed-out-title = Sie wurden abgemeldet
error-signed-out = Ihre Sitzung endete, während diese Seite offen war. Es wurde nichts geändert. Melden Sie sich in einem anderen Fenster an, gehen Sie dann hierher zurück und senden Sie noch einmal: Was Sie geschrieben haben, ist noch da.
error-rights-title = Was Sie dürfen, hat sich geändert
error-rights = Das geschah, während Ihr Formular unterwegs war. Deshalb wurde nichts getan. Gehen Sie zurück, laden Sie die Seite neu, und wiederholen Sie den letzten Schritt, wenn es ihn noch gibt.
error-overtaken-title = Jemand war schneller
error-overtaken = Jemand anderes hat das geändert, während Sie es offen hatten. Von Ihnen wurde nichts gespeichert. Gehen Sie zurück, laden Sie die Seite neu, und ändern Sie, was jetzt dort steht.
sign-in-slow = Zu viele Versuche. Bitte warten Sie { $seconds ->
    [one] eine Sekunde
   *[other] { $seconds } Sekunden
  } und versuchen Sie es dann noch einmal.

## Worum eine App bittet
scope-openid = Erkennen, dass Sie es sind
scope-profile = Ihren Namen und Ihr Profil sehen
scope-email = Ihre E-Mail-Adresse sehen
scope-address = Ihre Postanschrift sehen
scope-phone = Ihre Telefonnummer sehen
scope-roles = Ihre Rollen in dieser App sehen
scope-permissions = Sehen, was Sie in dieser App dürfen
scope-groups = Ihre Gruppen auf dieser Stage sehen

## Zwischendurch
continue-title = Einen Moment
continue-text = Gleich geht es weiter. Wenn nichts passiert, wählen Sie „Weiter“.
continue-button = Weiter

## Startseite
home-title = Sie stehen am Tor von { $organization }
home-text = Hier meldet man sich bei den Apps von { $organization } an. Öffnen Sie die App, die Sie brauchen; sie bringt Sie hierher, wenn sie wissen muss, wer Sie sind.
home-new-title = Gatehouse läuft
home-new-text = Noch kann sich niemand anmelden. Öffnen Sie den Einrichtungslink: Er steht umrahmt im Terminal dieses Servers und in der Datei setup-link seines Datenverzeichnisses:
home-new-file = Wer das lesen kann, kann die Organisation einrichten, und sonst niemand. Oder beschreiben Sie alles in einer Datei und wenden Sie sie auf diesem Server an:
home-new-next = Danach kommen alle hierher, wenn eine App wissen muss, wer sie sind.

## E-Mail: Einladung
mail-invitation-subject = { $inviter } lädt Sie zu { $organization } ein
mail-invitation-lead = { $inviter } lädt Sie ein, Teil von { $organization } zu werden.
mail-invitation-offers = Das bekommen Sie:
mail-invitation-button = Einladung ansehen
mail-invitation-link = Hier sehen Sie die Einladung und können sie annehmen oder ablehnen:
mail-invitation-code = Falls der Link nicht funktioniert, geben Sie diesen Code zusammen mit Ihrer E-Mail-Adresse ein:
mail-invitation-code-at = auf { $link }
mail-invitation-expires = Die Einladung gilt bis zum { $date }. Mit dem Öffnen ist noch nichts entschieden.
mail-invitation-unexpected = Sie haben das nicht erwartet? Dann tun Sie nichts und behalten Sie Link und Code für sich.

## E-Mail: Zugriff gegeben
mail-access-subject = Neuer Zugriff bei { $organization }
mail-access-lead = Hallo { $name }, { $giver } hat Ihnen Zugriff gegeben:
mail-access-button = { $organization } öffnen
mail-access-link = Hier öffnen:
mail-access-now = Das gilt ab sofort. Sie melden sich an wie bisher.

## E-Mail: Willkommen
mail-welcome-subject = Willkommen bei { $organization }
mail-welcome-lead = Hallo { $name }, Sie gehören jetzt zu { $organization }.
mail-welcome-sign-in = Sie melden sich mit { $email } an.
mail-welcome-button = Zu { $organization }
mail-welcome-link = Hier geht es hinein:
mail-welcome-not-you = Waren Sie das nicht? Dann sagen Sie sofort Ihrem Administrator Bescheid.

## E-Mail: eine Anmeldung, zweimal verwendet
mail-replayed-subject = Wir haben Ihre Anmeldung bei { $app } beendet
mail-replayed-lead = Hallo { $name }, Ihre Anmeldung bei { $app } wurde zweimal verwendet. Das sollte nie vorkommen.
mail-replayed-why = Vielleicht hat jemand sie von einem Gerät oder aus der App kopiert. Deshalb haben wir sie am { $when } beendet. Die App hat keinen Zugriff mehr, bis Sie sich wieder anmelden.
mail-replayed-next = Melden Sie sich wieder an, wenn Sie die App brauchen. Kommt diese E-Mail noch einmal, sagen Sie Ihrem Administrator Bescheid.
