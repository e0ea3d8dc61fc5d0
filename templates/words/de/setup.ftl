# Die Einrichtung: Einrichtungslink und vier Schritte; die E-Mail-Einstellungen; das Postfach.

## Was eingegeben wurde
field-optional = (freiwillig)
field-email-missing = Bitte geben Sie eine E-Mail-Adresse an.
field-email-strange = Das sieht nicht wie eine E-Mail-Adresse aus, zum Beispiel ana@example.org.

## Der Einrichtungslink
setup-used-title = Dieser Link wurde verwendet
setup-used = Damit wurde die Organisation eingerichtet; jetzt öffnet er nichts mehr. Wer das getan hat, meldet sich mit E-Mail und Passwort an.
setup-done-title = Die Einrichtung ist abgeschlossen
setup-done = Die Organisation hat einen Administrator, deshalb öffnet dieser Link nichts mehr. Melden Sie sich an, oder bitten Sie einen Administrator um eine Einladung.
setup-expired-title = Dieser Link ist abgelaufen
setup-expired = Ein Einrichtungslink gilt 24 Stunden. Erzeugen Sie auf dem Server einen neuen, in dem Verzeichnis, in dem Gatehouse läuft:
setup-overtaken-title = Die Einrichtung wurde in einem anderen Browser abgeschlossen
setup-overtaken = Jemand hat das Inhaberkonto einen Moment vor Ihnen angelegt. Von Ihren Eingaben wurde nichts gespeichert. Wenn Sie das waren, melden Sie sich an.

## Die Schritte
setup-steps = Schritte der Einrichtung
setup-step-organization = Organisation
setup-step-owner = Inhaber
setup-step-mail = E-Mail
setup-step-app = Erste App
setup-step-done = erledigt
setup-next = Weiter
setup-back = Zurück

setup-organization-title = Richten Sie Ihre Organisation ein
setup-organization-lead = Vier kurze Schritte. Alles lässt sich später ändern.
setup-organization-name = Name der Organisation
setup-organization-hint = Er steht überall, wo man sich anmeldet
setup-name-missing = Bitte geben Sie der Organisation einen Namen.
setup-stages = Stages
setup-stages-hint = Jede Stage hat eigene Rollen, Gruppen und Sitzungen, damit niemand einen Test mit dem Ernstfall verwechselt.
setup-stage-development = Wo Apps entstehen
setup-stage-qa = Wo Apps erprobt werden
setup-stage-production = Wo Apps genutzt werden
setup-stage-wanted = Diese Stage haben wir
setup-stage-missing = Bitte geben Sie der Stage einen Namen.
setup-stage-twice = Zwei Stages brauchen zwei Namen. Bitte wählen Sie einen anderen.

setup-owner-title = Das Inhaberkonto
setup-owner-lead = Wer kümmert sich um { $organization }? Sie werden der erste Administrator und dürfen alles.
setup-owner-name = Ihr Name
setup-owner-email-hint = Damit melden Sie sich an
setup-owner-follows = Danach öffnet der Einrichtungslink nichts mehr, und Sie sind angemeldet.
setup-owner-button = Inhaberkonto anlegen
setup-owner-inactive = Jemand mit dieser Adresse wurde deaktiviert. Bitte verwenden Sie eine andere Adresse.

setup-mail-title = E-Mail
setup-mail-lead = Einladungen und Warnungen gehen per E-Mail hinaus. Welcher Server verschickt sie?
setup-mailbox-title = Jetzt noch nicht?
setup-mailbox = Dann bleiben Briefe hier, in einem Postfach, das nur Administratoren lesen. Sie sehen dort jede Einladung und können ihren Link weitergeben. Ein Server lässt sich jederzeit eintragen.
setup-mailbox-button = Postfach behalten

setup-app-title = Ihre erste App
setup-app-lead = Etwas zum Anmelden. Danach probieren Sie es gleich aus und sehen, was die App erfährt.
setup-app-name = Name der App
setup-app-name-hint = Zum Beispiel Vertrieb
setup-app-missing = Bitte geben Sie der App einen Namen.
setup-app-key = Schlüssel
setup-app-key-hint = Er steht in Tokens. Lassen Sie ihn leer, entsteht er aus dem Namen; ändern lässt er sich nie.
setup-app-stage = Stage
setup-app-stage-missing = Bitte wählen Sie eine Stage.
setup-app-home = Startseite
setup-app-home-hint = Wo man beginnt. Ohne Startseite kommt man zu einer Demo, die die eigenen Tokens zeigt.
setup-app-roles = Ihre Rollen
setup-app-roles-hint = Jede umfasst auch, was die vorige umfasst. Sie erhalten die letzte.
setup-app-button = Anlegen und ausprobieren
setup-app-skip = Später, im Portal
setup-key-needed = Aus diesem Namen lässt sich kein Schlüssel bilden. Bitte geben Sie einen ein: a-z, 0-9, _ und -.
setup-key-wrong = Ein Schlüssel hat 1 bis 50 der Zeichen a-z, 0-9, _ und -.
setup-key-taken = Eine andere App hat oder hatte diesen Schlüssel. Bitte wählen Sie einen anderen.
setup-key-long = Dieser Schlüssel ist für die Stage zu lang. Bitte wählen Sie einen kürzeren.
setup-home-page-wrong = Das ist keine Adresse einer Webseite, zum Beispiel https://vertrieb.example.org.

## Was eine erste App hat
template-read = Alles ansehen
template-write = Dinge anlegen und ändern
template-manage = Einstellungen ändern und Dinge löschen
template-viewer = Leser
template-viewer-for = Sieht sich Dinge an
template-editor = Bearbeiter
template-editor-for = Legt auch Dinge an und ändert sie
template-administrator = Administrator
template-administrator-for = Ändert außerdem Einstellungen und löscht Dinge

## Der Mailserver
mail-title = E-Mail
mail-now = Wohin E-Mail geht
mail-now-server = E-Mail geht über { $server } hinaus.
mail-now-mailbox = Briefe bleiben im eingebauten Postfach, wo nur Administratoren sie lesen. Nach außen geht nichts.
mail-see-mailbox = Postfach ansehen
mail-configured = Der Mailserver ist dort festgelegt, wo Gatehouse gestartet wird, und lässt sich nur dort ändern:
mail-server = Mailserver
mail-host = Host
mail-host-wrong = Das ist kein Name und keine Adresse eines Servers, zum Beispiel smtp.example.org.
mail-port = Port
mail-port-hint = 587 für STARTTLS, 465 für TLS
mail-port-wrong = Ein Port ist eine Zahl von 1 bis 65535.
mail-security = Schutz
mail-security-starttls = STARTTLS
mail-security-tls = TLS vom ersten Byte an
mail-security-none = Keiner, für einen Server auf diesem Rechner
mail-security-wrong = Ohne Schutz könnten andere mitlesen. Das geht nur für einen Server auf diesem Rechner (localhost).
mail-user = Benutzer
mail-user-missing = Wessen Passwort ist das? Bitte geben Sie den Benutzer an, oder lassen Sie beides leer.
mail-user-wrong = Der Benutzer ist zu lang oder hat Zeichen, die sich nicht senden lassen.
mail-password = Passwort
mail-password-kept = Lassen Sie es leer, um das zuvor eingegebene Passwort zu behalten.
mail-password-missing = Bitte geben Sie das Passwort dieses Benutzers ein.
mail-password-again = Bitte geben Sie das Passwort noch einmal ein: Es wurde für einen anderen Host, Port, Schutz oder Benutzer behalten und wird nirgendwo anders hingeschickt.
mail-password-wrong = Das Passwort ist zu lang oder hat Zeichen, die sich nicht senden lassen.
mail-sender-name = Name des Absenders
mail-sender-address = Adresse des Absenders
mail-erases = { $count ->
    [one] Mit einem Server wird das Postfach geschlossen: Der eine Brief darin wird gelöscht.
   *[other] Mit einem Server wird das Postfach geschlossen: Die { $count } Briefe darin werden gelöscht.
  }
mail-use = Diesen Server verwenden
mail-test = Test senden
mail-test-goes-to = Ein Test geht an { $to } und speichert nichts.
mail-test-good = Der Server hat den Test angenommen. Sehen Sie im Postfach von { $to } nach.
mail-test-bad = Das hat nicht geklappt. Die Antwort war: { $said }
mail-test-silent = Der Server hat nicht innerhalb von 15 Sekunden geantwortet. Prüfen Sie Host, Port und Schutz, und ob eine Firewall dazwischensteht.
mail-test-subject = Ein Test von { $organization }
mail-test-lead = E-Mail funktioniert
mail-test-text = Dies ist der Test der E-Mail-Einstellungen von { $organization }, um den Sie gebeten haben. Es ist nichts zu tun.
mail-back = Zurück zum Postfach
mail-back-follows = Der Server wird mit seinem Passwort vergessen. Briefe bleiben dann hier, und niemand außerhalb erhält welche.
mail-failed = Nicht angekommene E-Mails
mail-failed-none = Keine.
mail-failed-why = Letzte Antwort
mail-failed-tries = Versuche
mail-tries = { $count ->
    [one] 1 Versuch
   *[other] { $count } Versuche
  }
mail-again = Erneut senden
mail-again-follows = Erneutes Senden gibt jeder von ihnen ihre Versuche zurück.
done-mail-server = E-Mail geht von nun an über diesen Server hinaus. Das Postfach ist geschlossen und leer.
done-mail-mailbox = Briefe bleiben von nun an im Postfach.
done-mail-again = Die E-Mails erhalten ihre Versuche zurück.

## Das Postfach
mailbox-total = { $count ->
    [one] 1 Brief
   *[other] { $count } Briefe
  }
mailbox-why = Kein Mailserver ist in Gebrauch, deshalb bleiben Briefe hier. Sie enthalten Links, die Zugriff geben: Geben Sie jeden nur an seine Empfänger weiter. Wer einen liest, wird festgehalten.
mailbox-empty = Noch keine Briefe
mailbox-empty-hint = Laden Sie jemanden ein: Der Brief kommt innerhalb einer Sekunde hier an.
mailbox-subject = Betreff
mailbox-to = An
mailbox-letter-hint = Von hier aus lassen sich nur Links zu diesem Server öffnen. Um als Empfänger zu handeln, öffnen Sie sie in einem anderen Browser.
