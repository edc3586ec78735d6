using Microsoft.EntityFrameworkCore;

namespace FhirMg.Sandbox.Authorization;

/// <summary>Clients, authorizations and tokens, in memory.</summary>
internal sealed class AuthorizationStore(DbContextOptions<AuthorizationStore> options) : DbContext(options);
