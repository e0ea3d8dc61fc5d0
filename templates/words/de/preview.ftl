# Was eine Änderung bewirken würde, bevor sie geschieht.

preview = Vorschau
preview-title = Was das bewirken würde
preview-nothing-done = Noch ist nichts geändert.
preview-do = Ausführen
preview-back = Zurück zum Formular
preview-gain = { $count ->
    [one] 1 Person erhält Zugriff.
   *[other] { $count } Personen erhalten Zugriff.
  }
preview-lose = { $count ->
    [one] 1 Person verliert Zugriff.
   *[other] { $count } Personen verlieren Zugriff.
  }
preview-later = { $count ->
    [one] Für 1 Person ändert sich später etwas.
   *[other] Für { $count } Personen ändert sich später etwas.
  }
preview-nothing = Für niemanden ändert sich der Zugriff.
preview-nothing-hint = Sie können es trotzdem tun: Vielleicht betrifft es Menschen, die später kommen.
preview-find = Person suchen
preview-door-opens = Danach dürfen sich alle bei { $app } auf { $stage } anmelden.
preview-door-closes = Danach dürfen sich bei { $app } auf { $stage } nur noch Personen mit einer Rolle dort anmelden. Alle anderen werden beim nächsten Mal abgewiesen.
preview-sessions = { $count ->
    [one] 1 laufende Sitzung verliert es mit dem nächsten Token.
   *[other] { $count } laufende Sitzungen verlieren es mit dem nächsten Token.
  }
preview-bytes = Access-Tokens ändern sich um { $least } Bytes.
preview-bytes-range = Access-Tokens ändern sich um { $least } bis { $most } Bytes.
preview-hidden = { $count ->
    [one] 1 davon ist jemand, den Sie nicht sehen dürfen.
   *[other] { $count } davon sind Personen, die Sie nicht sehen dürfen.
  }
preview-partly = { $count ->
    [one] Für 1 Person in dieser Liste ändert sich mehr, wo Sie nicht hineinsehen dürfen.
   *[other] Für { $count } Personen in dieser Liste ändert sich mehr, wo Sie nicht hineinsehen dürfen.
  }
preview-overflows = { $count ->
    [one] Für 1 Person ist das mehr, als in ein Token passt: Listen würden daraus weggelassen, und Apps müssen beim Claims-Endpunkt danach fragen oder lehnen ab.
   *[other] Für { $count } Personen ist das mehr, als in ein Token passt: Listen würden daraus weggelassen, und Apps müssen beim Claims-Endpunkt danach fragen oder lehnen ab.
  }
preview-unnamed = { $count ->
    [one] 1 weitere Person ist gezählt, aber nicht aufgeführt.
   *[other] { $count } weitere Personen sind gezählt, aber nicht aufgeführt.
  }
preview-stopped = Das ist nicht alles: Die Vorschau hat rechtzeitig aufgehört, nach { $compared } von { $concerned } Personen. Die Zahlen gelten für die verglichenen.
preview-many = Das ist nicht alles: Es sind mehr Personen, als eine Vorschau vergleicht. Die Zahlen gelten für die ersten { $compared }.
preview-busy = Im Augenblick laufen viele Vorschauen.
preview-busy-hint = Bitte versuchen Sie es in ein paar Sekunden noch einmal. Es wurde nichts geändert.
preview-again = Noch einmal versuchen
preview-where = Wo
preview-gains = Erhält
preview-loses = Verliert
preview-live = Sitzungen
preview-token = Token, Bytes
preview-none = –
preview-organization = Organisation
preview-sign-in = darf sich anmelden
preview-gets-tokens = bekommt Tokens
preview-group = Gruppe { $group }
preview-role = Rolle { $role }
preview-client = API-Client
preview-from = ab { $date }
preview-until = bis { $date }
preview-from-until = { $from } bis { $until }
