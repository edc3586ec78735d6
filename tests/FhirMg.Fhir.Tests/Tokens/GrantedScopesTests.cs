using FhirMg.Fhir.Tokens;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class GrantedScopesTests
{
    [Theory]
    [InlineData("system/Observation.read", "Observation", Permission.Read | Permission.Search, true)]
    [InlineData("system/Observation.read", "Observation", Permission.Create, false)]
    [InlineData("system/Observation.read", "Patient", Permission.Read, false)]
    [InlineData("system/Task.write", "Task", Permission.Create | Permission.Update, true)]
    [InlineData("system/Task.write", "Task", Permission.Read, false)]
    [InlineData("system/*.*", "Task", Permission.Create | Permission.Read | Permission.Search, true)]
    [InlineData("system/Task.*", "Task", Permission.Delete, true)]
    [InlineData("system/*.read", "Observation", Permission.Search, true)]
    [InlineData("system/Observation.rs", "Observation", Permission.Read | Permission.Search, true)]
    [InlineData("system/Observation.r", "Observation", Permission.Search, false)]
    [InlineData("system/Observation.s system/Observation.r", "Observation", Permission.Read | Permission.Search, true)]
    [InlineData("system/*.cruds", "Provenance", Permission.Create | Permission.Update, true)]
    [InlineData("system/*.rs system/Task.cu", "Task", Permission.Create | Permission.Search, true)]
    [InlineData("system/Task.c", "Task", Permission.Update, false)]
    [InlineData("user/Observation.rs", "Observation", Permission.Search, true)]
    [InlineData("patient/Observation.read", "Observation", Permission.Search, true)]
    [InlineData("openid fhirUser launch/patient offline_access", "Observation", Permission.Read, false)]
    [InlineData("system/Observation.reads", "Observation", Permission.Read, false)]
    [InlineData("system/observation.rs", "Observation", Permission.Read, false)]
    [InlineData("system/Observation", "Observation", Permission.Read, false)]
    [InlineData("", "Observation", Permission.Read, false)]
    public void What_is_granted_decides(string scopes, string type, Permission permission, bool allowed) =>
        Assert.Equal(allowed, new GrantedScopes(scopes.Split(' ')).Allows(type, permission));

    [Fact]
    public void A_scope_with_a_search_allows_a_part_and_says_so()
    {
        var granted = new GrantedScopes(["system/Observation.rs?category=laboratory", "system/Observation.r", "system/Condition.rs"]);

        Assert.True(granted.Allows("Observation", Permission.Search) && granted.IsPartial("Observation", Permission.Search));
        Assert.False(granted.IsPartial("Observation", Permission.Read));
        Assert.False(granted.IsPartial("Condition", Permission.Search) || granted.IsPartial("Patient", Permission.Search));
    }
}
