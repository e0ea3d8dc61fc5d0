# Viele auf einmal mit einer Datei einladen.

## Das Formular
many-invite = Viele einladen
many-title = Viele auf einmal einladen
many-upload-title = Datei hochladen
many-upload-lead = Noch wird nichts verschickt. Die nächste Seite sagt für jede Zeile, was geschehen würde und was nicht stimmt.
many-file = Datei (CSV)
many-file-hint = Höchstens 5 MB und { $most } Zeilen, getrennt durch Komma, Semikolon oder Tabulator.
many-paste = Zeilen stattdessen einfügen
many-text = Zeilen, zuerst die Kopfzeile
many-check = Datei prüfen
many-check-hint = Verschickt nichts
many-pasted = Eingefügte Zeilen
many-one-of-both = Laden Sie eine Datei hoch oder fügen Sie Zeilen ein, aber nicht beides.
many-neither = Wählen Sie eine Datei oder fügen Sie Zeilen ein.
many-format = So sieht die Datei aus
many-sample = Beispiel herunterladen
many-format-lead = Die erste Zeile nennt die Spalten, in beliebiger Reihenfolge. Nur email ist nötig; lassen Sie weg, was Sie nicht brauchen.
many-columns = Was in jede Spalte gehört
many-column-email = Die Adresse.
many-column-name = Wie die Person heißt. Sie kann es beim Beitreten ändern.
many-column-organization-role = Eine Rolle für alle, die hier etwas bauen und betreiben. Mit app gilt sie nur für diese App.
many-column-app = Die App der Rolle.
many-column-stage = Die Stage von Rolle und Gruppe.
many-column-role = Eine Rolle der App auf der Stage.
many-column-group = Eine Gruppe der Stage.
many-column-starts = Ab wann es gilt. Leer: sofort.
many-column-ends = Der Tag, an dem es endet. Leer: ohne Ende.
many-column-reason = Warum, für alle, die später auf Zugriffe sehen. Die Person sieht es nicht.
many-column-locale = Die Sprache der E-Mail: en oder de. Leer: Ihre.
many-format-several = Mehrere Rollen oder Gruppen: Trennen Sie sie in einer Zelle mit Semikolon, oder nehmen Sie mehrere Zeilen mit derselben Adresse. Zeilen mit derselben Adresse werden eine Einladung. Stimmt eine davon nicht, wird keine davon verschickt.
many-format-names = Schreiben Sie Apps, Stages, Rollen und Gruppen mit ihrem Schlüssel oder ihrem Namen.
many-format-days = Schreiben Sie Tage wie 2027-12-31.
many-format-encoding = Speichern Sie die Datei als UTF-8. In Excel: Speichern unter, dann CSV UTF-8.

## Eine Datei, die nicht gelesen werden kann
many-file-empty = Unter der Kopfzeile stehen keine Zeilen.
many-file-too-large = Diese Datei ist größer als 5 MB. Teilen Sie sie und laden Sie die Teile nacheinander hoch.
many-file-encoding = Zeile { $row } ist nicht in UTF-8 geschrieben, darum könnten Buchstaben falsch gelesen werden. Speichern Sie die Datei als CSV UTF-8 und laden Sie sie noch einmal hoch.
many-file-unclosed = In Zeile { $row } öffnet ein Anführungszeichen und schließt nie. Schließen oder entfernen Sie es.
many-file-unknown = Diese Spalten sind nicht bekannt: { $names }. Benennen Sie sie um oder entfernen Sie sie. Die erste Zeile muss die Spalten nennen.
many-file-twice = Die Spalte { $name } steht zweimal da. Entfernen Sie eine.
many-file-no-email = Es gibt keine Spalte email. Nennen Sie die Spalte mit den Adressen so.
many-file-too-many = Die Datei hat { $count } Zeilen, und höchstens { $most } sind möglich. Teilen Sie sie und laden Sie die Teile nacheinander hoch.

## Die Dateien davor
many-files = Dateien
many-files-hint = Bleiben bis 30 Tage nach ihrem Ende
many-no-files = Noch keine Dateien
many-no-files-hint = Was Sie hochladen, steht hier, mit dem, was aus jeder Zeile wurde.
many-file-name = Datei
many-state = Stand
many-people = Personen
many-uploaded = Hochgeladen
many-state-checked = Geprüft, nicht verschickt
many-state-running = Wird verschickt
many-state-paused = Angehalten
many-state-ended = Fertig
many-state-cancelled = Vorzeitig beendet
many-progress = { $gone } von { $all } Personen

## Eine Datei
many-about = Hochgeladen von { $who }, { $when }. Zeilen: { $count }
many-by-you = Ihnen
many-standing = Was geschieht
many-lead-nothing = Keine Zeile kann verschickt werden. Berichtigen Sie die Datei und laden Sie sie noch einmal hoch.
many-lead-some = Noch wurde nichts verschickt. Sie können jetzt verschicken, was stimmt; der Rest bleibt weg. Oder Sie berichtigen die Datei und laden sie noch einmal hoch.
many-lead-all = Noch wurde nichts verschickt. Jede Zeile stimmt.
many-lead-running = Die Einladungen werden verschickt. Sie können diese Seite schließen: Es geht von selbst weiter.
many-lead-held-up = Viele Briefe warten auf den Mailserver. Die nächsten Einladungen folgen, sobald einige fort sind.
many-lead-paused = Angehalten. Niemand sonst wird eingeladen, bis es weitergeht.
many-lead-ended = Fertig. Jede Zeile wurde versucht.
many-lead-cancelled = Beendet, bevor jede Zeile verschickt war. Wer eingeladen wurde, bleibt eingeladen.
many-again = Diese Seite erneuert sich alle paar Sekunden.
many-still = Nicht mehr
many-begin-again = Diese Seite von selbst erneuern
many-start = { $count ->
    [one] Eine Person einladen
   *[other] { $count } Personen einladen
  }
many-discard = Verwerfen
many-discard-follows = Verwerfen entfernt die Datei mit allem, was aus ihr gelesen wurde. Niemand wird eingeladen, und sie lässt sich nicht zurückholen.
many-pause = Anhalten
many-proceed = Weiter
many-retry = { $count ->
    [one] Die fehlgeschlagene noch einmal versuchen
   *[other] Die { $count } fehlgeschlagenen noch einmal versuchen
  }
many-late = Das war nicht mehr möglich, darum wurde nichts geändert. Unten sehen Sie den Stand.
many-rows-standing = Zeilen, die
many-standing-refused = können nicht eingeladen werden
many-standing-failed = fehlgeschlagen
many-standing-would = werden eingeladen
many-standing-waiting = kommen noch
many-standing-done = erledigt
many-row = Zeile
many-result = Ergebnis
many-at = Zeile { $row }, { $column }
many-no-address = Keine Adresse
many-outcome-refused = Kann nicht eingeladen werden
many-outcome-failed = Fehlgeschlagen
many-would-invite = Wird eingeladen
many-would-add = War schon eingeladen: Angebote kommen hinzu
many-would-give = Ist hier: bekommt es sofort
many-did-sent = Eingeladen
many-did-added = Angebote hinzugefügt
many-did-given = Sofort gegeben
many-did-unchanged = Hatte es schon
many-cancel-ask = Beenden …
many-cancel-title = Verschicken endgültig beenden?
many-cancel-waiting = { $count ->
    [one] Eine Person wird nicht mehr eingeladen.
   *[other] { $count } Personen werden nicht mehr eingeladen.
  }
many-cancel-done = { $count ->
    [0] Bisher wurde niemand eingeladen.
    [one] Eine Person wurde schon eingeladen und bleibt es.
   *[other] { $count } Personen wurden schon eingeladen und bleiben es.
  }
many-cancel = Beenden
many-cancel-not = Zurück
done-many-started = Es geht im Hintergrund weiter.
done-many-paused = Angehalten.
done-many-cancelled = Beendet. Niemand sonst wird eingeladen.
done-many-discarded = Die Datei wurde verworfen. Nichts wurde verschickt.

## Was an einer Zeile nicht stimmt
many-trouble-surplus = Diese Zeile hat mehr Zellen als die Kopfzeile Spalten. Setzen Sie Texte mit einem Trennzeichen in Anführungszeichen.
many-trouble-email-missing = Die Adresse fehlt. Ergänzen Sie sie.
many-trouble-email-bad = „{ $value }“ ist keine E-Mail-Adresse. Berichtigen Sie sie, etwa ana@example.org.
many-trouble-email-long = Diese Adresse ist zu lang. Berichtigen Sie sie.
many-trouble-name-long = Der Name ist länger als 100 Zeichen. Kürzen Sie ihn.
many-trouble-name-strange = Der Name hat Zeichen, die man nicht sieht oder die den Text umdrehen. Tippen Sie ihn neu.
many-trouble-name-differs = Eine frühere Zeile nennt dieselbe Adresse „{ $value }“. Nehmen Sie einen Namen.
many-trouble-locale-unknown = In „{ $value }“ werden keine E-Mails geschrieben. Nehmen Sie en oder de, oder lassen Sie es leer.
many-trouble-locale-differs = Eine frühere Zeile hat „{ $value }“ für dieselbe Adresse. Nehmen Sie eine Sprache.
many-trouble-reason-long = Die Begründung ist länger als 1.000 Zeichen. Kürzen Sie sie.
many-trouble-reason-strange = Die Begründung hat Zeichen, die man nicht sieht oder die den Text umdrehen. Tippen Sie sie neu.
many-trouble-day-bad = „{ $value }“ ist kein Tag. Schreiben Sie ihn wie 2027-12-31.
many-trouble-reversed = Das Ende muss nach dem Anfang kommen. Ändern Sie eins davon.
many-trouble-over = Das Ende ist vorbei. Wählen Sie einen späteren Tag, oder lassen Sie es leer.
many-trouble-app-unknown = Es gibt keine App „{ $value }“, deren Rollen Sie geben dürfen. Prüfen Sie ihren Schlüssel.
many-trouble-app-missing = Eine Rolle braucht ihre App. Füllen Sie app aus.
many-trouble-app-idle = Da ist eine App und keine Rolle. Füllen Sie role oder organization_role aus, oder entfernen Sie die App „{ $value }“.
many-trouble-stage-unknown = Es gibt keine Stage „{ $value }“, auf der Sie etwas geben dürfen. Prüfen Sie ihren Schlüssel.
many-trouble-stage-missing = Eine Rolle oder Gruppe braucht ihre Stage. Füllen Sie stage aus.
many-trouble-stage-idle = Da ist eine Stage und weder Rolle noch Gruppe. Füllen Sie eins aus, oder entfernen Sie die Stage „{ $value }“.
many-trouble-role-unknown = Die App hat auf dieser Stage keine Rolle „{ $value }“, die Sie geben dürfen. Prüfen Sie ihren Schlüssel.
many-trouble-role-elsewhere = Diese Rolle gehört zu einer anderen Stage ({ $value }). Ändern Sie stage oder role.
many-trouble-group-unknown = Es gibt keine Gruppe „{ $value }“, die Sie geben dürfen. Prüfen Sie ihren Schlüssel.
many-trouble-group-elsewhere = Diese Gruppe gehört zu einer anderen Stage ({ $value }). Ändern Sie stage oder group.
many-trouble-organization-role-unknown = Es gibt keine Organisationsrolle „{ $value }“, die Sie geben dürfen. Prüfen Sie ihren Schlüssel.
many-trouble-several = Mehrere heißen „{ $value }“. Nehmen Sie den Schlüssel.
many-trouble-mixed = Eine Zeile kann nicht role und organization_role haben, weil die App zu beiden gehören könnte. Nehmen Sie zwei Zeilen mit derselben Adresse.
many-trouble-nothing = Diese Zeile bietet nichts an. Füllen Sie role, group oder organization_role aus.
many-trouble-too-much = Eine Einladung kann höchstens 100 Rollen und Gruppen anbieten. Nehmen Sie eine Gruppe, oder laden Sie mit weniger ein.
many-trouble-same = Zeile { $value } bietet derselben Adresse dasselbe an. Entfernen Sie eine.
many-trouble-companion = Diese Zeile stimmt, aber Zeile { $value } mit derselben Adresse nicht. Berichtigen Sie diese.
many-trouble-may-not = Das dürfen Sie nicht geben. Es braucht die Berechtigung „{ $value }“.
many-trouble-only-administrators = Nur ein Administrator kann diese Rolle anbieten. Entfernen Sie sie, oder fragen Sie einen.
many-trouble-beyond = Diese Rolle gibt mehr, als Sie selbst haben, oder für länger. Entfernen Sie sie, oder fragen Sie jemanden, der mehr hat.
many-trouble-inactive = Diese Person ist deaktiviert. Aktivieren Sie sie zuerst, oder entfernen Sie die Zeile.
many-trouble-gone = Rolle, Gruppe oder App wurde inzwischen entfernt. Laden Sie die Zeile mit einer anderen noch einmal hoch.
many-trouble-stopped = Wer dies begonnen hat, darf niemanden mehr einladen. Jemand anderes muss die Zeilen hochladen.
many-trouble-fault = Bei uns ging etwas schief. Versuchen Sie die fehlgeschlagenen noch einmal.
