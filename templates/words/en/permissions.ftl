# The built-in platform permissions: of each its name and what its holder may do. English says what src/access/permission/builtin.toml says.

## Stages
permission-category-stages = Stages
permission-stage-view = View stage
permission-stage-view-purpose = See a stage and what is deployed there
permission-stage-manage = Manage stages
permission-stage-manage-purpose = Create, rename, reorder and delete stages; set their session policy

## Apps
permission-category-apps = Apps
permission-app-view = View apps
permission-app-view-purpose = See apps, their permissions, roles and clients
permission-app-manage = Manage apps
permission-app-manage-purpose = Create, change and delete apps and their deployments
permission-app-roles-manage = Manage app roles
permission-app-roles-manage-purpose = Change an app's permissions and end-user roles; promote; put a manifest
permission-client-manage = Manage clients
permission-client-manage-purpose = Create and change an app's OAuth clients and their secrets

## User and access management
permission-category-user-and-access-management = User and access management
permission-members-view = View members
permission-members-view-purpose = See users with organization roles
permission-member-access-manage = Manage member access
permission-member-access-manage-purpose = Invite members; grant and revoke organization roles
permission-organization-roles-manage = Manage organization roles
permission-organization-roles-manage-purpose = Create, change and delete organization roles
permission-users-manage = Manage users
permission-users-manage-purpose = Create, activate, deactivate and delete users; end their sessions
permission-users-recover = Recover users
permission-users-recover-purpose = Open a recovery for people who lost password or second factor
permission-authentication-manage = Manage authentication
permission-authentication-manage-purpose = Decide in which ways people sign in
permission-api-clients-manage = Manage API clients
permission-api-clients-manage-purpose = Create, suspend, delete API clients; their grants and secrets

## End-user management
permission-category-end-user-management = End-user management
permission-end-users-view = View end-users
permission-end-users-view-purpose = See users with end-user roles
permission-end-user-access-manage = Manage end-user access
permission-end-user-access-manage-purpose = Invite end-users; grant and revoke end-user roles
permission-end-user-groups-manage = Manage end-user groups
permission-end-user-groups-manage-purpose = Create, change and delete groups, members and mappings

## Organization management
permission-category-organization-management = Organization management
permission-organization-manage = Manage organization
permission-organization-manage-purpose = Name, domains, appearance, size of tokens; sessions of portal and account
permission-audit-view = View audit trail
permission-audit-view-purpose = Search, export and verify the audit trail
permission-audit-stream-manage = Manage audit trail stream
permission-audit-stream-manage-purpose = Webhooks and streams of events

## Integration
permission-category-integration = Integration
permission-token-introspect = Introspect tokens
permission-token-introspect-purpose = Ask about tokens of an app at a stage
permission-decision-search = Search decisions
permission-decision-search-purpose = Ask who may do what in an app at a stage

## Asset management
permission-category-asset-management = Asset management
permission-asset-open = Open
permission-asset-open-purpose = Open assets
permission-asset-create = Create
permission-asset-create-purpose = Create assets
permission-asset-debug = Debug
permission-asset-debug-purpose = View, open and debug assets
permission-asset-change = Change
permission-asset-change-purpose = View, open, debug and publish assets
permission-asset-delete = Delete
permission-asset-delete-purpose = Delete assets

## Release management
permission-category-release-management = Release management
permission-asset-deploy = Deploy
permission-asset-deploy-purpose = Start deployments to a stage
permission-asset-release = Release
permission-asset-release-purpose = Tag a version and write its notes

## Monitoring
permission-category-monitoring = Monitoring
permission-logs-view = Access logs and traces
permission-logs-view-purpose = See logs and traces of a stage
permission-logs-view-people = Access user information
permission-logs-view-people-purpose = See who is behind a log entry

## Analyze
permission-category-analyze = Analyze
permission-quality-view = View code quality
permission-quality-view-purpose = See findings of assets one can open
permission-quality-manage = Manage code quality
permission-quality-manage-purpose = Comment and change the status of findings
permission-evaluation-view = View evaluations
permission-evaluation-view-purpose = See evaluation runs
permission-evaluation-manage = Manage evaluations
permission-evaluation-manage-purpose = Create and run evaluations

## Configuration management
permission-category-configuration-management = Configuration management
permission-configuration-view = View configurations
permission-configuration-view-purpose = See configurations of a stage
permission-configuration-edit = Edit configurations
permission-configuration-edit-purpose = Change app and library configurations in a stage
permission-connection-settings-edit = Configure connections
permission-connection-settings-edit-purpose = Change connection settings in a stage
permission-domain-manage = Manage domains
permission-domain-manage-purpose = Domains of a stage
permission-email-settings-manage = Manage e-mail settings
permission-email-settings-manage-purpose = SMTP of apps in a stage
permission-content-policy-manage = Manage content security policy
permission-content-policy-manage-purpose = Content security policy per stage
permission-ip-filter-manage = Manage IP filters
permission-ip-filter-manage-purpose = IP rules per stage
permission-gateway-manage = Manage private gateways
permission-gateway-manage-purpose = Private gateways and their tokens
permission-stream-manage = Manage analytics streams
permission-stream-manage-purpose = Streams of app analytics

## Connection management
permission-category-connection-management = Connection management
permission-connection-create = Create connections
permission-connection-create-purpose = Create connections
permission-connection-change = Change connections
permission-connection-change-purpose = Entities, name and description of connections
permission-connection-delete = Delete connections
permission-connection-delete-purpose = Delete connections

## Maintenance
permission-category-maintenance = Maintenance
permission-update-view = View updates
permission-update-view-purpose = See the list of updates
permission-update-manage = Manage updates
permission-update-manage-purpose = Schedule updates
