# Die Einstellungen der Organisation und ihres Aussehens.

## Was getan wurde
done-accent-saved = Gespeichert. Alle Seiten haben ab jetzt diese Farbe.
done-logo-saved = Gespeichert. Alle Seiten zeigen ab jetzt dieses Logo.
done-logo-removed = Das Logo ist entfernt.
done-brand-reset = Alle Seiten sehen wieder aus wie im Standard.

## Die Organisation
settings-organization = Organisation
settings-sessions = Sitzungen
settings-sessions-lead = Für das Portal, das Konto und Werkzeuge, die man mit derselben Anmeldung öffnet. Jede Stage hat eigene Zeiten. Wer eine kürzere Zeit schon überschritten hat, wird sofort abgemeldet, auch Sie.
settings-appearance = Aussehen
settings-mail = E-Mail
settings-name-hint = Steht oben auf jeder Seite und in jeder E-Mail.
settings-domains = Interne E-Mail-Domains
settings-domains-hint = Eine pro Zeile, etwa acme.example: die Domains Ihrer eigenen Leute.
settings-domain-bad = { $domain } ist keine Domain, die eine Adresse haben kann.
settings-domains-many = Bitte nennen Sie höchstens 100 Domains.
settings-id = ID in Tokens
settings-overtaken = Jemand hat die Einstellungen inzwischen geändert: Die Organisation heißt jetzt { $name }. Ihre Eingaben stehen noch hier; wenn Sie noch einmal speichern, ersetzen sie die anderen.

## Das Aussehen
accent-title = Akzentfarbe
accent-lead = Knöpfe und Links haben diese Farbe auf jeder Seite, auch bei der Anmeldung. Text muss hell und dunkel lesbar bleiben, deshalb wird eine Farbe ohne genügend Kontrast nicht angenommen.
accent = Farbe
accent-pick = Farbe auswählen
accent-hint = Sechs Ziffern, etwa #0d6e66.
accent-unreadable = Bitte geben Sie eine Farbe wie #0d6e66 ein.
accent-contrast = Text mit dieser Farbe hätte einen Kontrast von { $ratio } zu 1; nötig sind 4,5 zu 1. Die nächste dunklere Farbe, die ihn hat, ist { $nearest }.
accent-take = { $colour } verwenden
logo-title = Logo
logo-file = Datei
logo-hint = PNG, JPEG oder WebP, höchstens 256 kB und 2.000 mal 2.000 Pixel. Es wird 32 Pixel hoch gezeigt, auf hellem und auf dunklem Grund.
logo-none = Noch kein Logo: Die Seiten zeigen das Zeichen von Gatehouse.
logo-now = Das Logo, wie es jetzt ist
logo-upload = Hochladen
logo-remove = Logo entfernen
logo-remove-follows = Ohne Logo zeigen die Seiten wieder das Zeichen von Gatehouse; die Farbe bleibt. Alle sehen es mit der nächsten Seite.
logo-empty = Bitte wählen Sie eine Datei.
logo-too-large = Diese Datei ist zu groß: Höchstens 256 kB sind möglich.
logo-too-wide = Dieses Bild hat { $width } mal { $height } Pixel: Höchstens 2.000 mal 2.000 sind möglich.
logo-svg = Das ist ein SVG, das Skripte enthalten kann. Bitte verwenden Sie ein Bild in PNG, JPEG oder WebP.
logo-other = Das ist kein Bild in PNG, JPEG oder WebP, wie auch immer die Datei heißt.
brand-standard = Standard-Aussehen
brand-standard-follows = Zurück zur Standardfarbe, ohne Logo. Alle sehen es mit der nächsten Seite.
brand-reset = Farbe und Logo zurücksetzen
brand-overtaken = Jemand hat das Aussehen inzwischen geändert. Sie sehen es, wie es jetzt ist; versuchen Sie es noch einmal, wenn Sie es weiter möchten.
