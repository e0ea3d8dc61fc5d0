# Das Konto: was dem gehört, der angemeldet ist.

account-apps = Meine Apps
account-profile = Profil
account-access = Mein Zugriff
account-portal = Portal
account-choose-title = Wessen Konto?
account-choose = In diesem Browser sind verschiedene Personen bei verschiedenen Apps angemeldet. Wählen Sie, wessen Konto Sie sehen möchten, und weisen Sie sich aus.
welcome-portal = Zum Portal

## Profil
account-profile-lead = Apps erfahren davon nur, wonach sie fragen und was sie wissen dürfen.
account-email-hint = Fragen Sie einen Administrator, wenn sie sich ändern muss.
account-save = Speichern
account-not-saved = Es wurde nichts gespeichert. Bitte sehen Sie sich das Markierte an.
profile-given-name = Vorname
profile-family-name = Nachname
profile-nickname = Wie Freunde Sie nennen
profile-language = Sprache
profile-language-browser = Wie mein Browser es wünscht
profile-language-bad = Bitte wählen Sie eine aus der Liste.
profile-zone = Zeitzone
profile-zone-hint = Zum Beispiel Europe/Berlin
profile-zone-bad = Das ist keine Zeitzone. Bitte schreiben Sie sie wie Europe/Berlin.
profile-phone = Telefon
profile-phone-hint = Mit der Vorwahl des Landes: +49 30 1234567
profile-phone-bad = Das ist keine Telefonnummer. Bitte nehmen Sie Ziffern und ein + am Anfang.
profile-website = Webseite
profile-picture = Bild
profile-picture-hint = Die Adresse eines Bildes im Web
profile-link-bad = Das ist keine Adresse im Web. Bitte schreiben Sie sie wie https://example.org.
profile-too-long = Das darf höchstens { $most } Zeichen haben.
profile-strange = Das enthält Zeichen, die sich nicht anzeigen lassen. Bitte geben Sie es noch einmal ein.

## Passwort
password-follows = Wenn Sie es ändern, werden Sie überall sonst abgemeldet. Hier bleiben Sie angemeldet, und eine E-Mail berichtet Ihnen davon.
password-current = Bisheriges Passwort
password-current-wrong = Das ist nicht Ihr bisheriges Passwort. Nach zu vielen falschen Versuchen müssen Sie warten.
password-new = Neues Passwort
password-same = Dieses Passwort haben Sie schon. Bitte wählen Sie ein anderes.
password-change = Passwort ändern
done-password = Geändert. Überall sonst sind Sie abgemeldet.

## Sitzungen
account-signed-in-here = Wo Sie angemeldet sind
account-end-others = Überall sonst abmelden
account-end-follows = Abmelden beendet eine Sitzung sofort, mit den Apps, die aus ihr geöffnet wurden.
account-this-session = Diese Sitzung
account-this-browser = Dieser Browser
done-signed-out-others = Überall sonst abgemeldet.
device-on = { $browser } auf { $system }
device-unknown = Unbekanntes Gerät

## Zugriff
account-access-none = Noch nichts
account-everything = Gibt jede Berechtigung, auch spätere.
account-gives-nothing = Gibt im Augenblick nichts.
account-permissions = { $count ->
    [one] 1 Berechtigung
   *[other] { $count } Berechtigungen
  }
account-permissions-title = Berechtigungen
account-roles = Rollen
account-step-role = Rolle { $role }
account-no-sign-in = Mit dem, was Sie haben, können Sie sich bei dieser App nicht anmelden.
account-try = Sehen, was die App erfährt

## E-Mail: Passwort geändert
mail-password-subject = Ihr Passwort bei { $organization } wurde geändert
mail-password-lead = Hallo { $name }, Ihr Passwort wurde am { $when } geändert.
mail-password-sessions = Überall sonst wurden Sie abgemeldet. Dort, wo es geändert wurde, sind Sie noch angemeldet.
mail-password-not-you = Waren Sie das nicht? Dann sagen Sie sofort Ihrem Administrator Bescheid.
