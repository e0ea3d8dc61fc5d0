# Tokens: was Apps erführen, und wie viel davon Platz hat.

## Die Vorschau
token-title = Was Apps erführen
token-link = Was Apps erführen
token-lead = Was eine App über { $who } erführe, wenn gerade jetzt eine Anmeldung stattfände. Niemand wird dafür angemeldet und nichts wird signiert.
token-choose = Welche App fragt, und wonach
token-client = Client
token-scopes = Scopes, nach denen sie fragt
token-show = Token zeigen
token-tools = Werkzeuge für viele Apps
token-no-clients = Es gibt keinen Client zur Auswahl: Entweder meldet noch keine App Menschen an, oder Sie dürfen deren Menschen nicht sehen. Legen Sie auf der Seite einer App einen Client an, oder bitten Sie um die Berechtigung, dort Endbenutzer zu sehen.
token-closed-title = { $who } könnte sich dort nicht anmelden
token-closed-inactive = { $who } ist deaktiviert. Das lässt sich auf der Seite der Person wieder ändern.
token-closed-unproved = { $who } hat die E-Mail-Adresse noch nicht bestätigt: Die Einladung muss erst angenommen werden.
token-closed-suspended = Der Client ist gesperrt: Bis er wieder freigegeben wird, kann sich über ihn niemand bei { $place } anmelden.
token-closed-no-people = Dieser Client meldet niemanden an: Der Authorization Code Flow ist für ihn nicht registriert.
token-closed-no-role = { $place } lässt nur herein, wer dort eine Rolle hat, direkt oder durch eine Gruppe. Geben Sie { $who } eine.
token-size = Der Zugriff braucht { $bytes } der { $budget } Bytes, die die Organisation in einem Token erlaubt.
token-life-minutes = { $count ->
    [one] Das Access-Token würde 1 Minute lang gelten.
   *[other] Das Access-Token würde { $count } Minuten lang gelten.
  }
token-life-seconds = { $count ->
    [one] Das Access-Token würde 1 Sekunde lang gelten, weil dann ein Teil des Zugriffs endet.
   *[other] Das Access-Token würde { $count } Sekunden lang gelten, weil dann ein Teil des Zugriffs endet.
  }
token-over = Diese Person hat mehr, als in ein Token passt: { $bytes } Bytes, erlaubt sind { $budget }. Es fehlen: { $lists }. Die App muss danach beim Claims-Endpunkt fragen, oder sie lehnt ab. Geben Sie weniger Gruppen und Rollen, oder erlauben Sie in den Einstellungen mehr.
token-overflows = In Tokens für { $place } hat diese Person mehr, als hineinpasst: { $bytes } Bytes, erlaubt sind { $budget }. Es fehlen: { $lists }.
token-overflows-roles = In Tokens für { $place } brauchen schon die Rollen dieser Person { $bytes } Bytes, erlaubt sind { $budget }.
token-overflows-tools = Werkzeuge für viele Apps
token-overflows-hint = Apps müssen nach dem, was fehlt, beim Claims-Endpunkt fragen, oder sie lehnen ab. Geben Sie weniger Gruppen und Rollen, oder erlauben Sie in den Einstellungen mehr.
token-over-roles = Schon die Rollen brauchen { $bytes } Bytes, erlaubt sind { $budget }. Rollen werden nie weggelassen, deshalb könnten Server dieses Token ablehnen. Geben Sie weniger Rollen, oder erlauben Sie in den Einstellungen mehr.
token-made-at-issue = entsteht bei der Anmeldung
token-hidden-members = Zugriff von Mitgliedern wird Ihnen nicht gezeigt.
token-hidden-end-users = Gezeigt, soweit Sie Endbenutzer sehen dürfen.

## Claims
claim-scoped-permissions = Was die Person auf der Plattform darf, danach, wo es gilt: überall, auf manchen Stages, für manche Apps.
claim-names = Was nicht ins Token passte, mit Namen, und welche Quelle es hat.
claim-sources = Wo man mit eben diesem Access-Token nach dem fragt, was nicht passte.

## Einstellungen
settings-budget = Platz für Zugriff in einem Token
settings-budget-hint = In Bytes; 4096 genügt fast allen. Tokens reisen in Kopfzeilen, und viele Server lehnen mehr als 8 KB ab. Darüber fehlen zuerst die Gruppen, dann die Berechtigungen, nie die Rollen: Apps müssen nach dem Rest fragen.
settings-budget-bad = Bitte geben Sie eine Zahl von { $least } bis { $most } Bytes an.
