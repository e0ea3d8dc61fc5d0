# Was mit Menschen geschieht: Zugriff auf Zeit und das Ende eines Kontos.

## Für wie lange
starts-until = von { $start } bis { $end }
period-title = Ab wann, bis wann
period-change = Ändern
period-of-person = { $who }: { $what } ({ $where })
period-of-member = { $what } in { $group } ({ $stage })
period-of-role = { $what } für { $group } ({ $stage })
period-starts = Beginnt am
period-hint = Tage beginnen um 00:00 UTC. Ohne Beginn gilt es sofort; ohne Ende bleibt es, bis es jemand entzieht.
period-save = Speichern
period-end-now = Jetzt beenden
period-end-follows = Jetzt beenden wirkt sofort:
period-end-member = Die Rollen der Gruppe fehlen im nächsten Token dieser Person.
period-end-role = Alle Mitglieder verlieren sie ab dem nächsten Token, wenn sie sie nicht auf anderem Weg haben.
period-end-stays = Es bleibt als beendet in der Liste, und mit einem späteren Ende gilt es wieder.
period-order = Das Ende muss nach dem Beginn liegen. Bitte wählen Sie ein späteres Ende oder einen früheren Beginn.
period-past = Dieser Tag ist vorbei. Bitte wählen Sie einen späteren, oder lassen Sie das Feld leer, wenn es kein Ende geben soll.
period-beyond = Diese Rolle gibt mehr, oder für länger, als Sie selbst haben. Jemand, der ebenso viel hat, kann das tun.
person-shut-out = Diese Person ist deaktiviert: Was sie hat, gilt nicht. Bitte aktivieren Sie sie zuerst.
done-period-changed = Geändert. Es gilt ab dem nächsten Token.

## Zugriff geben
give-wrong = Es wurde nichts gegeben. Bitte sehen Sie nach, was markiert ist.
give-differ = Es wurde noch nichts gegeben: Das hier ist schon da, für eine andere Zeit.
give-change = Für diese die Zeit von unten übernehmen
give-terms = Ab wann, bis wann und warum
give-reason-hint = Wer den Zugriff später ansieht, liest ihn.
given-new = gegeben
given-had = war schon da
given-changed = war schon da und gilt jetzt für die neue Zeit
given-more = { $count ->
    [one] und 1 weiteres
   *[other] und { $count } weitere
  }
given-group = Gruppe { $group } ({ $stage })

## Was bald endet
endings-title = Zugriff, der in den nächsten 14 Tagen endet
endings-who = Person oder Gruppe
endings-group = Gruppe { $group }
endings-empty = Nichts, was Sie sehen dürfen, endet bald.
endings-more = In den nächsten 14 Tagen endet noch mehr. Diese Enden sind die nächsten.

## Eine Person löschen
delete-more = Löschen …
delete-title = Diese Person löschen?
delete-what = { $who } ({ $email }) wird endgültig gelöscht.
delete-self = Das sind Sie selbst: Sie würden jetzt abgemeldet.
delete-goes = Das geht sofort verloren:
delete-account = Das Konto: Name, Adresse, Passwort und alles im Profil
delete-sessions = { $count ->
    [one] 1 Sitzung
   *[other] { $count } Sitzungen
  }
delete-apps = { $count ->
    [one] Die Tokens einer App
   *[other] Die Tokens von { $count } Apps
  }
delete-organization-roles = { $count ->
    [one] 1 Organisationsrolle
   *[other] { $count } Organisationsrollen
  }
delete-app-roles = { $count ->
    [one] 1 App-Rolle
   *[other] { $count } App-Rollen
  }
delete-groups = { $count ->
    [one] 1 Mitgliedschaft in einer Gruppe
   *[other] { $count } Mitgliedschaften in Gruppen
  }
delete-invitations = { $count ->
    [one] Was sie in 1 offenen Einladung angeboten hat
   *[other] Was sie in { $count } offenen Einladungen angeboten hat
  }
delete-stays = Das bleibt:
delete-stays-given = Was sie anderen gegeben hat, gilt weiter und nennt weiter ihren Namen
delete-stays-audit = Das Protokoll behält, was sie getan hat und was mit ihr geschah
delete-instead = Löschen lässt sich nicht rückgängig machen. Deaktivieren schließt jemanden ebenso aus, und das lässt sich zurücknehmen.
delete-erase = Auch tilgen, was das Protokoll über diese Person enthält
delete-erase-hint = Namen, Adressen und Einzelheiten von allem, was sie getan hat, was mit ihr geschah, und von jedem Eintrag, der sie erwähnt. Dass etwas geschah und wann, bleibt. Das lässt sich nicht rückgängig machen.
delete-email = Ihre E-Mail-Adresse
delete-email-hint = Bitte tippen Sie die Adresse der Person, damit niemand aus Versehen gelöscht wird.
delete-email-differs = Das ist nicht die Adresse dieser Person. Bitte tippen Sie sie, wie sie oben steht.
delete-user = Endgültig löschen
done-user-deleted = Gelöscht. Keine Sitzung und kein Token dieser Person funktioniert mehr.
done-user-erased = Gelöscht und aus dem Protokoll getilgt.

## Gruppen
done-members-removed = Entfernt. Die Rollen der Gruppe sind im nächsten Token nicht mehr enthalten.
group-tick = { $who } auswählen
group-ticks = Auswählen
group-remove-ticked = Ausgewählte entfernen
group-remove-members = { $count ->
    [one] Ein Mitglied verlässt { $group } ({ $stage }).
   *[other] { $count } Mitglieder verlassen { $group } ({ $stage }).
  }
group-role-none = Bitte wählen Sie mindestens eine Rolle.
group-join-shut-out = ist deaktiviert. Bitte aktivieren Sie die Person zuerst.
group-join-more = { $count ->
    [one] und 1 weitere
   *[other] und { $count } weitere
  }
group-join-invite = Diejenigen einladen, die hier nicht bekannt sind
