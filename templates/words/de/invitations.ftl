# Einladungen im Portal: die Liste, eine davon und das Formular, das sie verschickt.

## Die Liste
invitations-count = { $count ->
    [one] 1 Einladung
   *[other] { $count } Einladungen
  }
invitations-very-many = mehr als 10.000 Einladungen
invitations-empty = Keine Einladungen
invitation-state = Stand
invitation-state-any = Jeder Stand
invitation-state-pending = Offen
invitation-state-accepted = Angenommen
invitation-state-declined = Abgelehnt
invitation-state-expired = Abgelaufen
invitation-state-revoked = Zurückgezogen
invitation-offered = Was sie anbietet
invitation-offers-nothing = Nichts mehr
invitation-offer = { $what } ({ $where })
invitation-sent = Verschickt
invitation-sent-by = von { $who }

## Eine davon
invitation-facts = Die Einladung
invitation-by = Eingeladen von
invitation-first-sent = Zuerst verschickt
invitation-language = Sprache der E-Mail
invitation-until = Gültig bis
invitation-expired-on = Abgelaufen
invitation-ended = Beendet
invitation-person = Person ansehen
invitation-offered-by = Angeboten
invitation-decide = Noch einmal schicken oder zurückziehen
invitation-resend = Noch einmal schicken
invitation-resend-follows = Schickt eine neue E-Mail mit neuem Link und neuem Code, gültig für { $count ->
    [one] einen Tag
   *[other] { $count } Tage
  }. Link und Code der alten E-Mail gelten dann nicht mehr.
invitation-revoke = Einladung zurückziehen
invitation-revoke-follows = Die Einladung endet sofort: Ihr Link und ihr Code gelten nicht mehr. Die Person bleibt in der Liste der Benutzer.
invitation-revoke-follows-person = Die Einladung endet sofort: Ihr Link und ihr Code gelten nicht mehr. Diese Person war nie hier; sie verschwindet deshalb aus der Liste der Benutzer, und mit ihr diese Einladung.
invitation-may-not-decide = Sie bietet etwas an, das Sie selbst nicht geben dürfen. Deshalb entscheiden andere über sie.
invitation-not-open = Diese Einladung ist inzwischen beendet. Geändert wurde nichts.
invitation-sent-meanwhile = Seit Sie diese Seite geöffnet haben, wurde sie noch einmal verschickt; jetzt wurde nichts verschickt. Trotzdem noch einmal? Dann nehmen Sie die Schaltfläche unten.
done-invitation-resent = Noch einmal verschickt. Der alte Link und der alte Code gelten nicht mehr.
done-invitation-revoked = Zurückgezogen. Link und Code gelten nicht mehr.
done-invitation-gone = Diese Einladung ist schon weg.

## Das Formular
invite-bare-title = Noch nichts zu geben
invite-bare = Es gibt keine Rolle oder Gruppe, die Sie geben dürfen. Sobald eine App Rollen hat, finden Sie sie hier.
invite-wrong = Es wurde nichts verschickt. Bitte sehen Sie sich das Markierte an.
invite-who = Wer
invite-addresses = E-Mail-Adressen
invite-addresses-hint = Eine pro Zeile, höchstens { $most }. Jede bekommt eine eigene Einladung.
invite-language = Sprache der E-Mail
invite-app-roles-hint = Wer welche App benutzen darf, und als was
invite-find-app = App suchen
invite-groups-hint = Wer in einer Gruppe ist, hat die Rollen der Gruppe
invite-roles-hint = Für alle, die hier etwas bauen und betreiben
invite-role-app = Diese Rollen gelten für
invite-chosen = { $count ->
    [one] 1 gewählt
   *[other] { $count } gewählt
  }
invite-starts-hint = Ab diesem Tag, 00:00 UTC, gilt alles, was Sie hier geben. Ohne Datum gilt es sofort, oder sobald die Einladung angenommen ist.
invite-until = Endet am
invite-until-hint = An diesem Tag, um 00:00 UTC, endet alles von selbst, was Sie hier geben. Ohne Datum bleibt es, bis jemand es entzieht.
invite-other-ends = Ein anderes Ende für einen Teil davon
invite-reason = Grund
invite-reason-hint = Wer sich den Zugriff später ansieht, liest ihn. In der E-Mail steht er nicht.
invite-optional = freiwillig
invite-preview = Vorschau
invite-address-missing = Bitte geben Sie mindestens eine Adresse ein.
invite-address-bad = Zeile { $line }, „{ $text }“, ist keine E-Mail-Adresse.
invite-address-long = Zeile { $line }, „{ $text }“, ist zu lang: Eine Adresse hat höchstens { $more } Zeichen.
invite-address-twice = Zeile { $line }, „{ $text }“, ist dieselbe Adresse wie Zeile { $more }.
invite-too-many-addresses = Das sind mehr als { $most } Adressen. Bitte schicken Sie den Rest in einem zweiten Formular.
invite-language-bad = In dieser Sprache schreiben wir keine E-Mails. Bitte wählen Sie eine aus der Liste.
invite-until-bad = Das ist kein Datum. Bitte schreiben Sie es wie 2030-12-31.
invite-until-past = Dieser Tag hat schon begonnen. Bitte wählen Sie einen späteren.
invite-reason-long = Der Grund darf höchstens { $most } Zeichen haben.
invite-reason-strange = Der Grund enthält Zeichen, die sich nicht anzeigen lassen. Bitte geben Sie ihn noch einmal ein.
invite-gone = Etwas, das Sie gewählt hatten, gibt es nicht mehr. Bitte sehen Sie noch einmal nach, was angekreuzt ist.
invite-may-not = Nicht alles davon dürfen Sie geben: Dafür braucht es die Berechtigung { $permission }.
invite-beyond = Eine der Rollen gibt mehr, als Sie selbst haben. Jemand, der ebenso viel und ebenso lange hat, kann sie geben.
invite-only-administrators = Nur ein Administrator kann die Rolle Administrator geben.
invite-nothing = Bitte wählen Sie mindestens eine Rolle oder Gruppe.
invite-too-much = Das sind mehr als 100 Rollen und Gruppen. Bitte geben Sie weniger davon, oder eine Gruppe, die sie hat.
invite-too-much-for = Mit dem, was { $email } vorher angeboten wurde, sind das mehr als 100 Rollen und Gruppen.
invite-inactive = { $email } ist deaktiviert. Aktivieren Sie diese Person zuerst, oder lassen Sie die Adresse weg.

## Die Vorschau
invite-preview-title = Vorschau
invite-preview-lead = Es wurde noch nichts verschickt.
invite-people-count = { $count ->
    [one] 1 Adresse
   *[other] { $count } Adressen
  }
invite-would-invite = Bekommt eine E-Mail
invite-would-add = War schon eingeladen: bekommt eine neue E-Mail, in der das hier dazukommt
invite-would-give = Ist schon hier: bekommt es sofort, und eine E-Mail sagt es
invite-everybody-gets = Was alle bekommen
invite-letter-new = So wird die Einladung aussehen
invite-letter-here = Die E-Mail an alle, die schon hier sind
invite-subject = Betreff
invite-stand-in = …
invite-send = { $count ->
    [one] Verschicken
   *[other] An { $count } Adressen verschicken
  }
invite-change = Etwas ändern

## Was geschehen ist
invite-sent-title = Erledigt
invite-sent = Eine E-Mail ist unterwegs.
invite-added = War schon eingeladen. Das hier kam dazu, und eine E-Mail mit neuem Link ist unterwegs; der alte Link gilt nicht mehr.
invite-here = Ist schon hier.
invite-here-given = { $count ->
    [one] Eine Rolle oder Gruppe wurde sofort gegeben, und eine E-Mail sagt es.
   *[other] { $count } Rollen und Gruppen wurden sofort gegeben, und eine E-Mail sagt es.
  }
invite-here-had = { $count ->
    [one] Eine war schon da.
   *[other] { $count } waren schon da.
  }
invite-here-differs = { $count ->
    [one] Eine war für eine andere Zeit da, und die bleibt.
   *[other] { $count } waren für andere Zeiten da, und die bleiben.
  }
invite-see-all = Alle Einladungen ansehen
invite-more = Weitere Menschen einladen
invite-told = Was Apps erfahren würden
invite-told-lead = Über jemanden, der nur das bekommt und sonst nichts: was im Token steht.
invite-told-lead-from = Über jemanden, der nur das bekommt und sonst nichts: was ab { $date } im Token steht.
invite-told-where = App und Stage
invite-told-what = Claims
invite-access-preview = Wer gewinnt was?
