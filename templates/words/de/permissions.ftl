# Die eingebauten Berechtigungen der Plattform: von jeder der Name, und was man mit ihr darf.

## Stages
permission-category-stages = Stages
permission-stage-view = Stages ansehen
permission-stage-view-purpose = Eine Stage sehen, und was dort bereitgestellt ist
permission-stage-manage = Stages verwalten
permission-stage-manage-purpose = Stages anlegen, umbenennen, ordnen und löschen; die Dauer ihrer Sitzungen festlegen

## Apps
permission-category-apps = Apps
permission-app-view = Apps ansehen
permission-app-view-purpose = Apps sehen, mit ihren Berechtigungen, Rollen und Clients
permission-app-manage = Apps verwalten
permission-app-manage-purpose = Apps und ihre Bereitstellungen anlegen, ändern und löschen
permission-app-roles-manage = App-Rollen verwalten
permission-app-roles-manage-purpose = Berechtigungen und Rollen einer App ändern; sie auf andere Stages übernehmen; ein Manifest einspielen
permission-client-manage = Clients verwalten
permission-client-manage-purpose = OAuth-Clients einer App und ihre Geheimnisse anlegen und ändern

## Benutzer und Zugriff
permission-category-user-and-access-management = Benutzer und Zugriff
permission-members-view = Mitglieder ansehen
permission-members-view-purpose = Benutzer mit Organisationsrollen sehen
permission-member-access-manage = Zugriff von Mitgliedern verwalten
permission-member-access-manage-purpose = Mitglieder einladen; Organisationsrollen geben und entziehen
permission-organization-roles-manage = Organisationsrollen verwalten
permission-organization-roles-manage-purpose = Organisationsrollen anlegen, ändern und löschen
permission-users-manage = Benutzer verwalten
permission-users-manage-purpose = Benutzer anlegen, aktivieren, deaktivieren und löschen; ihre Sitzungen beenden
permission-users-recover = Benutzern wieder hereinhelfen
permission-users-recover-purpose = Menschen, die Passwort oder zweiten Faktor verloren haben, einen neuen Anfang ermöglichen
permission-authentication-manage = Anmeldung verwalten
permission-authentication-manage-purpose = Festlegen, auf welche Arten man sich anmeldet
permission-api-clients-manage = API-Clients verwalten
permission-api-clients-manage-purpose = API-Clients anlegen, sperren und löschen; ihre Rollen und Geheimnisse

## Endbenutzer
permission-category-end-user-management = Endbenutzer
permission-end-users-view = Endbenutzer ansehen
permission-end-users-view-purpose = Benutzer mit App-Rollen sehen
permission-end-user-access-manage = Zugriff von Endbenutzern verwalten
permission-end-user-access-manage-purpose = Endbenutzer einladen; App-Rollen geben und entziehen
permission-end-user-groups-manage = Gruppen von Endbenutzern verwalten
permission-end-user-groups-manage-purpose = Gruppen anlegen, ändern und löschen, mit Mitgliedern und Zuordnungen

## Organisation
permission-category-organization-management = Organisation
permission-organization-manage = Organisation verwalten
permission-organization-manage-purpose = Name, Domains, Aussehen, Größe der Tokens; Sitzungen von Portal und Konto
permission-audit-view = Protokoll ansehen
permission-audit-view-purpose = Im Protokoll suchen, es exportieren und prüfen
permission-audit-stream-manage = Ströme des Protokolls verwalten
permission-audit-stream-manage-purpose = Webhooks und Ströme von Ereignissen

## Integration
permission-category-integration = Integration
permission-token-introspect = Tokens prüfen
permission-token-introspect-purpose = Nach Tokens einer App auf einer Stage fragen
permission-decision-search = Entscheidungen abfragen
permission-decision-search-purpose = Fragen, wer in einer App auf einer Stage was darf

## Assets
permission-category-asset-management = Assets
permission-asset-open = Öffnen
permission-asset-open-purpose = Assets öffnen
permission-asset-create = Anlegen
permission-asset-create-purpose = Assets anlegen
permission-asset-debug = Debuggen
permission-asset-debug-purpose = Assets ansehen, öffnen und debuggen
permission-asset-change = Ändern
permission-asset-change-purpose = Assets ansehen, öffnen, debuggen und veröffentlichen
permission-asset-delete = Löschen
permission-asset-delete-purpose = Assets löschen

## Releases
permission-category-release-management = Releases
permission-asset-deploy = Bereitstellen
permission-asset-deploy-purpose = Auf einer Stage bereitstellen
permission-asset-release = Freigeben
permission-asset-release-purpose = Eine Version kennzeichnen und beschreiben

## Monitoring
permission-category-monitoring = Monitoring
permission-logs-view = Logs und Traces ansehen
permission-logs-view-purpose = Logs und Traces einer Stage sehen
permission-logs-view-people = Personen in Logs ansehen
permission-logs-view-people-purpose = Sehen, wer hinter einem Logeintrag steht

## Analyse
permission-category-analyze = Analyse
permission-quality-view = Codequalität ansehen
permission-quality-view-purpose = Befunde zu den Assets sehen, die man öffnen darf
permission-quality-manage = Codequalität verwalten
permission-quality-manage-purpose = Befunde kommentieren und ihren Status ändern
permission-evaluation-view = Evaluierungen ansehen
permission-evaluation-view-purpose = Evaluierungsläufe sehen
permission-evaluation-manage = Evaluierungen verwalten
permission-evaluation-manage-purpose = Evaluierungen anlegen und ausführen

## Konfiguration
permission-category-configuration-management = Konfiguration
permission-configuration-view = Konfigurationen ansehen
permission-configuration-view-purpose = Konfigurationen einer Stage sehen
permission-configuration-edit = Konfigurationen bearbeiten
permission-configuration-edit-purpose = Konfigurationen von Apps und Bibliotheken auf einer Stage ändern
permission-connection-settings-edit = Verbindungen konfigurieren
permission-connection-settings-edit-purpose = Einstellungen von Verbindungen auf einer Stage ändern
permission-domain-manage = Domains verwalten
permission-domain-manage-purpose = Domains einer Stage
permission-email-settings-manage = E-Mail-Einstellungen verwalten
permission-email-settings-manage-purpose = SMTP der Apps auf einer Stage
permission-content-policy-manage = Content Security Policy verwalten
permission-content-policy-manage-purpose = Content Security Policy je Stage
permission-ip-filter-manage = IP-Filter verwalten
permission-ip-filter-manage-purpose = IP-Regeln je Stage
permission-gateway-manage = Private Gateways verwalten
permission-gateway-manage-purpose = Private Gateways und ihre Tokens
permission-stream-manage = Analyseströme verwalten
permission-stream-manage-purpose = Ströme von Analysedaten der Apps

## Verbindungen
permission-category-connection-management = Verbindungen
permission-connection-create = Verbindungen anlegen
permission-connection-create-purpose = Verbindungen anlegen
permission-connection-change = Verbindungen ändern
permission-connection-change-purpose = Entitäten, Name und Beschreibung von Verbindungen
permission-connection-delete = Verbindungen löschen
permission-connection-delete-purpose = Verbindungen löschen

## Wartung
permission-category-maintenance = Wartung
permission-update-view = Updates ansehen
permission-update-view-purpose = Die Liste der Updates sehen
permission-update-manage = Updates verwalten
permission-update-manage-purpose = Updates planen
