# Apps: die Liste, eine App mit ihren Stages, und was ihr an einer Stage gehört: Berechtigungen, Rollen und Clients.

## Was getan wurde
done-app-created = Die App ist angelegt. Weiter geht es mit einer ihrer Stages.
done-app-deployed = Bereitgestellt.
done-app-removed = Entfernt.
done-client-created = Der Client ist angelegt. Seine Konfiguration steht unten zum Kopieren bereit.
done-client-suspended = Gesperrt. Seine Tokens funktionieren nicht mehr.
done-client-resumed = Freigegeben. Man kann sich wieder über ihn anmelden.
done-secret-ended = Das Geheimnis funktioniert nicht mehr.

## Was an einem Text nicht stimmt
text-empty = Bitte ausfüllen.
text-too-long = { $most ->
    [one] Höchstens ein Zeichen.
   *[other] Höchstens { $most } Zeichen.
  }
text-control = Hier stehen Zeichen, die man nicht sieht oder die die Schreibrichtung umkehren. Bitte geben Sie den Text ohne sie neu ein.
text-key = Verwenden Sie 1 bis 50 der Zeichen a-z, 0-9, _ und -.
text-verb = Verwenden Sie 1 bis 80 der Zeichen a-z, 0-9, _ und -, ohne Punkt oder Doppelpunkt.
key-needed = Aus diesem Namen lässt sich kein Schlüssel bilden. Wählen Sie einen aus den Zeichen a-z, 0-9, _ und -.

## Die Liste
app = App
app-key = Schlüssel
app-stage = Stage
app-description = Beschreibung
app-deployed-to = Bereitgestellt auf
app-none = Keine
app-optional = (freiwillig)
apps-count = { $count ->
    [one] 1 App
   *[other] { $count } Apps
  }
apps-empty = Noch keine App
apps-empty-hint = Legen Sie die erste App an, an der sich Ihre Leute anmelden: Ein Name genügt für den Anfang.
apps-empty-ask = Es gibt keine App, die Sie sehen dürfen. Ein Administrator kann eine anlegen oder Ihnen mehr zeigen.
app-empty-ask = Wer diese App verwaltet, kann den ersten Eintrag anlegen.
app-remove = Entfernen
app-remove-named = Entfernen: { $name }

## Eine neue App
app-new = Neue App
app-new-lead = An einer App melden sich Menschen an. Sie kann auf mehreren Stages sein, auf jeder mit eigenen Einstellungen, Rollen und Clients.
app-name-hint = Das lesen Menschen beim Anmelden.
app-key-hint = Steht in Tokens und ändert sich nie. Bleibt das Feld leer, wird der Schlüssel aus dem Namen gebildet.
app-key-fixed = Er steht in Tokens und ändert sich deshalb nie.
app-stages = Bereitstellen auf
app-stages-hint = Weitere Stages können später dazukommen.
app-template = Erste Rollen
app-template-standard = Leser, Bearbeiter und Administrator
app-template-standard-is = Mit den Berechtigungen read, write und manage: manage bringt write mit, und write bringt read mit.
app-template-none = Keine
app-template-none-is = Berechtigungen und Rollen legen Sie selbst an.
app-create = App anlegen
app-exists = Eine App mit dem Schlüssel { $key } gibt es schon. Wählen Sie einen anderen, oder suchen Sie sie in der Liste.

## Eine App
app-edit = App bearbeiten
app-save = Speichern
app-no-stage = Es gibt keine Stage dieser App, die Sie sehen dürfen.
app-purpose-development = Hier wird sie gebaut
app-purpose-non-production = Hier wird sie ausprobiert
app-purpose-production = Hier wird sie benutzt
app-is-deployed = Bereitgestellt
app-not-deployed = Nicht bereitgestellt
app-deploy-to = Auf { $stage } bereitstellen
app-open = Öffnen
app-open-stage = Öffnen: { $stage }
app-try-it = Ausprobieren
app-try-it-at = Ausprobieren auf { $stage }
app-permissions-count = { $count ->
    [one] 1 Berechtigung
   *[other] { $count } Berechtigungen
  }
app-roles-count = { $count ->
    [one] 1 Rolle
   *[other] { $count } Rollen
  }
app-clients-count = { $count ->
    [one] 1 Client
   *[other] { $count } Clients
  }

## Eine App an einer Stage
app-tabs = Teile dieser App
app-tab-settings = Einstellungen
app-tab-permissions = Berechtigungen
app-tab-roles = Rollen
app-tab-clients = Clients
app-settings = Einstellungen
app-edit-settings = Einstellungen bearbeiten
app-deploy = Bereitstellen
app-deploy-lead = Auf dieser Stage kann man sich an der App anmelden, sobald sie einen Client hat und man selbst eine Rolle.
app-deployed-already = Die App ist auf dieser Stage schon bereitgestellt. Laden Sie die Seite neu, um ihre Einstellungen zu sehen.
app-home-page = Startseite
app-home-page-hint = Dorthin gelangt man aus der Liste seiner Apps, zum Beispiel https://sales.example.org/.
app-home-page-bad = Geben Sie eine Adresse ein, die mit https:// oder http:// beginnt und höchstens 2.000 Zeichen hat.
app-sign-in = Wer sich anmelden darf
app-sign-in-assigned = Menschen mit einer Rolle hier
app-sign-in-assigned-is = Wer auf dieser Stage eine Rolle der App hat, direkt oder durch eine Gruppe.
app-sign-in-everyone = Alle
app-sign-in-everyone-is = Jeder aktive Benutzer, mit oder ohne Rolle.
app-sign-in-choose = Wählen Sie, wer sich anmelden darf.
app-resource = Ressourcenkennung
app-resource-hint = Sie steht in Access-Tokens als Empfänger und gehört für immer zu dieser App auf dieser Stage.
app-resource-taken = Die Ressourcenkennung { $resource } gehört einer anderen App oder Stage.
app-discovery = Discovery-Dokument
app-listed-roles = Geteilte Rollen anderer Apps
app-missing = Bevor man sich anmelden kann
app-missing-role = Es gibt keine Rolle, die jemand haben könnte.
app-missing-client = Es gibt keinen Client, mit dem die App fragen könnte.
app-missing-home-page = Ohne Startseite findet niemand die App in seiner Liste.
app-see-to-it = Darum kümmern
app-see-to = Darum kümmern: { $what }

## Berechtigungen
permission = Berechtigung
permission-implies = Bringt mit
permission-in-roles = In Rollen
permissions-empty = Noch keine Berechtigung
permissions-empty-hint = Eine Berechtigung ist etwas, das die App Menschen tun lässt, zum Beispiel read oder approve. Aus ihnen bestehen Rollen.
permission-new = Berechtigung anlegen
permission-edit = Berechtigung bearbeiten
permission-add = Anlegen
permission-verb = Verb
permission-verb-hint = Steht in Tokens, und die App fragt danach, zum Beispiel read oder approve. Es ändert sich nie.
permission-verb-fixed = Es steht in Tokens, und die App fragt danach; deshalb ändert es sich nie.
permission-description-hint = Was man damit tun darf, für alle, die Rollen zusammenstellen.
permission-implies-hint = Wer diese Berechtigung hat, hat auch diese.
permission-brings = bringt { $verbs } mit
permission-exists = Die Berechtigung { $verb } gibt es schon.
permission-unknown = { $verb } gibt es nicht mehr. Laden Sie die Seite neu.
permission-remove = Berechtigung entfernen?
permission-remove-what = { $verb } verschwindet aus { $app } auf { $stage }.
permission-remove-people = { $count ->
    [0] Niemand hat sie zurzeit.
    [one] Eine Person hat sie zurzeit, direkt oder durch eine Gruppe, und verliert sie.
   *[other] { $count } Personen haben sie zurzeit, direkt oder durch eine Gruppe, und verlieren sie.
  }
permission-remove-roles = { $count ->
    [one] Eine Rolle enthält sie und bleibt ohne sie bestehen: { $names }.
   *[other] { $count } Rollen enthalten sie und bleiben ohne sie bestehen: { $names }.
  }
permission-remove-implied = { $count ->
    [one] Eine Berechtigung bringt sie mit und tut es dann nicht mehr: { $names }.
   *[other] { $count } Berechtigungen bringen sie mit und tun es dann nicht mehr: { $names }.
  }
permission-remove-tokens = Im nächsten Token der App fehlt sie. Eine App, die noch danach fragt, weist Menschen ab.

## Rollen
role = Rolle
role-counts = Wo sie gilt
role-is-shared = Geteilt
role-is-own = Diese App
roles-empty = Noch keine Rolle
roles-empty-hint = Eine Rolle ist eine Menge von Berechtigungen mit einem Namen. Menschen und Gruppen haben Rollen, nie einzelne Berechtigungen.
role-new = Rolle anlegen
role-edit = Rolle bearbeiten
role-add = Anlegen
role-name-hint = Das liest, wer Zugriff gibt.
role-key-hint = Steht in Tokens und ändert sich nie. Bleibt das Feld leer, wird der Schlüssel aus dem Namen gebildet.
role-permissions-hint = Was Menschen mit dieser Rolle dürfen.
role-permissions-none = Die App hat noch keine Berechtigungen: Legen Sie sie zuerst an, oder lassen Sie die Rolle vorerst leer.
role-shared = Andere Apps dieser Stage dürfen sie gelten lassen
role-shared-is = Eine App, die sie aufführt, lässt Menschen mit dieser Rolle ein und sieht sie in deren Tokens.
role-exists = Eine Rolle mit dem Schlüssel { $key } gibt es schon.
role-remove = Rolle entfernen?
role-remove-what = Die Rolle { $role } verschwindet aus { $app } auf { $stage }.
role-remove-people = { $count ->
    [0] Niemand hat sie zurzeit.
    [one] Eine Person verliert sie.
   *[other] { $count } Personen verlieren sie.
  }
role-remove-direct = { $count ->
    [one] Eine Person hat sie direkt.
   *[other] { $count } Personen haben sie direkt.
  }
role-remove-groups = { $groups ->
    [one] Eine Gruppe hat sie; Personen darin: { $people }.
   *[other] { $groups } Gruppen haben sie; Personen darin: { $people }.
  }
role-remove-listed = { $count ->
    [one] Eine andere App lässt sie gelten und tut es dann nicht mehr: { $names }.
   *[other] { $count } andere Apps lassen sie gelten und tun es dann nicht mehr: { $names }.
  }
role-remove-invitations = { $count ->
    [one] Eine offene Einladung bietet sie an und verliert dieses Angebot; bietet sie sonst nichts an, wird sie zurückgezogen.
   *[other] { $count } offene Einladungen bieten sie an und verlieren dieses Angebot; solche, die sonst nichts anbieten, werden zurückgezogen.
  }
role-remove-tokens = Im nächsten Token der App fehlt sie. Wer hier keine andere Rolle hat, kann sich an der App nicht mehr anmelden, es sei denn, alle dürfen es.

## Clients
client = Client
client-kind = Art der App
client-kind-web = Web-App auf einem Server
client-kind-web-is = Bewahrt ein Geheimnis auf, wo niemand es sieht.
client-kind-spa = Single-Page-App
client-kind-spa-is = Läuft im Browser und hat deshalb kein Geheimnis.
client-kind-native = App auf einem Gerät
client-kind-native-is = Mobil, Desktop oder Kommandozeile, ohne Geheimnis. Sie darf zu einem privaten Schema zurückkehren oder zu diesem Rechner an jedem Port.
client-kind-choose = Wählen Sie, welche Art von App es ist.
client-live = Funktioniert
client-suspended = Gesperrt
clients-empty = Noch kein Client
clients-empty-hint = Über einen Client spricht die App mit diesem Server: eine Kennung, die Adressen, zu denen Menschen zurückkehren, und bei Apps auf Servern ein Geheimnis.
client-new = Client anlegen
client-new-lead = Damit stellt sich die App vor, wenn sich jemand anmeldet. PKCE ist immer an: Ein Code nützt niemandem, der ihn nur findet.
client-create = Client anlegen
client-edit = Client bearbeiten
client-name-hint = Das liest man, wenn man um Zustimmung gebeten wird oder sich abmeldet.
client-id = Client-ID
client-id-hint = Sie ändert sich nie. Bleibt das Feld leer, wird sie aus App, Stage und Name gebildet: { $suggestion }
client-id-bad = Verwenden Sie 3 bis 100 der Zeichen A-Z, a-z, 0-9, Punkt, _ und -.
client-exists = Den Client { $id } gibt es schon. Wählen Sie eine andere Client-ID.
client-redirect-uris = Redirect-URIs
client-redirect-uris-hint = Dorthin kehren Menschen nach dem Anmelden zurück: eine pro Zeile, Zeichen für Zeichen verglichen.
client-post-logout-uris = Redirect-URIs nach dem Abmelden
client-post-logout-uris-hint = Dorthin darf man nach dem Abmelden gehen: eine pro Zeile.
client-redirect-needed = Geben Sie mindestens eine Redirect-URI ein.
client-uris-too-many = Geben Sie höchstens 50 URIs mit je höchstens 2.000 Zeichen ein.
client-uri-wildcard = { $uri } enthält einen Platzhalter. Führen Sie jede Adresse einzeln auf.
client-uri-fragment = { $uri } enthält ein Fragment (#), das Browser nicht senden. Lassen Sie es weg.
client-uri-http = { $uri } ist nicht verschlüsselt. Verwenden Sie https; http ist nur für localhost und 127.0.0.1.
client-uri-native = { $uri } ist keine Adresse, zu der man zurückkehren kann. Verwenden Sie https, http auf 127.0.0.1 oder ein privates Schema mit Punkt wie com.example.app:/callback.
client-uri-other = { $uri } ist keine Adresse, zu der man zurückkehren kann. Verwenden Sie eine, die mit https:// beginnt.
client-pkce = PKCE
client-pkce-on = Immer an
client-pkce-off = Nicht verlangt
client-scopes = Darf fragen nach
client-snippets = Konfiguration
client-snippets-lead = Zum Kopieren bereit: Alles ist ausgefüllt bis auf das Geheimnis.
client-snippet-env = Umgebungsvariablen
client-snippet-discovery = Discovery-Dokument, für jede andere Bibliothek
client-secret-placeholder = geheimnis-hier-einsetzen
client-copy = Kopieren
client-copied = Kopiert
client-secrets = Geheimnisse
client-secrets-lead = Zwei dürfen zugleich gelten: Erzeugen Sie ein neues, geben Sie es der App, und beenden Sie dann das alte. Beenden wirkt sofort; was dieses Geheimnis noch benutzt, bekommt keine Tokens mehr.
client-new-secret = Neues Geheimnis
client-secret-made = Erzeugt
client-secret-until = Bis
client-secret-over = Beendet
client-end-secret = Jetzt beenden
client-end-secret-of = Jetzt beenden: das am { $made } erzeugte Geheimnis
client-secrets-two = Zwei Geheimnisse gelten schon. Beenden Sie zuerst das, das nicht mehr benutzt wird.
client-secret-last = Das ist das einzige Geheimnis, das gilt. Erzeugen Sie zuerst ein neues, und geben Sie es der App.
client-secret-beyond = Ein neues Geheimnis würde länger gelten, als Sie selbst die Rechte dieses Clients haben. Wer sie länger hat, kann es erzeugen.
client-secret-title = Bewahren Sie dieses Geheimnis jetzt auf
client-secret-once = Es wird nur dieses eine Mal gezeigt. Wir behalten nur einen Hash davon, niemand kann es später nachsehen; geht es verloren, erzeugen Sie ein neues.
client-secret = Client-Geheimnis
client-secret-kept = Ich habe es aufbewahrt
client-people = { $count ->
    [0] Zurzeit ist niemand über ihn angemeldet.
    [one] Zurzeit ist höchstens eine Person über ihn angemeldet.
   *[other] Zurzeit sind bis zu { $count } Personen über ihn angemeldet.
  }
client-suspend = Sperren
client-suspend-follows = Sperren beendet deren Tokens sofort und lässt niemanden mehr ein. Was beendet ist, kommt nicht zurück: Nach dem Freigeben melden sich alle neu an.
client-suspended-since = Gesperrt seit { $since }: Niemand kann sich über ihn anmelden.
client-resume = Freigeben
client-resume-follows = Nach dem Freigeben kann man sich wieder über ihn anmelden, mit denselben Geheimnissen.
client-remove-button = Client entfernen
client-remove = Client entfernen?
client-remove-what = Der Client { $client } verschwindet aus { $app } auf { $stage }.
client-remove-people = { $count ->
    [0] Zurzeit ist niemand über ihn angemeldet.
    [one] Höchstens eine Person ist über ihn angemeldet; ihre Tokens funktionieren sofort nicht mehr.
   *[other] Bis zu { $count } Personen sind über ihn angemeldet; ihre Tokens funktionieren sofort nicht mehr.
  }
client-remove-secrets = Seine Geheimnisse und die erteilten Zustimmungen gehen mit ihm.
client-remove-id = Eine App, die ihn noch benutzt, kann niemanden mehr anmelden. Wird er vielleicht noch gebraucht, sperren Sie ihn stattdessen.
