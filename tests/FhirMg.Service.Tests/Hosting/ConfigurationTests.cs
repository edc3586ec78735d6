using FhirMg.Service.Configuration;
using FhirMg.Service.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>The configuration contract: what is refused at start, naming the key.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("Production", "Servers:0:AllowUnauthenticatedCds", "true", "FhirMg:Servers:0:AllowUnauthenticatedCds")]
    [InlineData("Production", "PublicUrl", null, "FhirMg:PublicUrl")]
    [InlineData("Production", "Servers:0:BaseUrl", "fhir.example", "FhirMg:Servers:0:BaseUrl")]
    [InlineData("Production", "Servers:0:Name", "", "FhirMg:Servers:0:Name")]
    [InlineData("Production", "Servers:0:Auth", "basic", "FhirMg:Servers:0:Auth")]
    [InlineData("Production", "Servers:0:Auth", "backend-services", "FhirMg:Servers:0:ClientId")]
    [InlineData("Production", "Servers:0:WritePolicy", "all", "FhirMg:Servers:0:WritePolicy")]
    [InlineData("Production", "Servers:0:Language", "de", "FhirMg:Servers:0:Language")]
    [InlineData("Production", "Servers:0:Deadline", "5", "FhirMg:Servers:0:Deadline")]
    [InlineData("Production", "Servers:0:Deadline", "soon", "FhirMg:Servers:0:Deadline")]
    [InlineData("Production", "Servers:0:CaPath", "/nowhere/ca.pem", "FhirMg:Servers:0:CaPath")]
    [InlineData("Production", "Servers:0:AdditionalCodes:serum-magnesium:0", "MG", "FhirMg:Servers:0:AdditionalCodes:serum-magnesium:0")]
    [InlineData("Production", "Servers:0:AdditionalCodes:no-such-set:0", "urn:lab|MG", "FhirMg:Servers:0:AdditionalCodes:no-such-set:0")]
    [InlineData("Production", "Servers:0:CdsClients:0:Issuer", "https://ehr.example", "FhirMg:Servers:0:CdsClients:0")]
    [InlineData("Production", "Servers:0:CdsClients:0:JwksUri", "ehr.example/jwks", "FhirMg:Servers:0:CdsClients:0:JwksUri")]
    [InlineData("Production", "Servers:0:CdsClients:0:JwksUri", "http://ehr.example/jwks", "FhirMg:Servers:0:CdsClients:0:JwksUri")]
    [InlineData("Production", "Servers:0:CdsClients:0:MaxLifetime", "long", "FhirMg:Servers:0:CdsClients:0:MaxLifetime")]
    [InlineData("Production", "Store:Provider", "oracle", "FhirMg:Store:Provider")]
    [InlineData("Production", "Store:Provider", "postgres", "FhirMg:Store:ConnectionString")]
    [InlineData("Production", "DisabledRules:0", "SAFE-1", "FhirMg:DisabledRules:0")]
    [InlineData("Production", "DisabledRules:0", "RX-99", "FhirMg:DisabledRules:0")]
    [InlineData("Production", "RetentionDays", "0", "FhirMg:RetentionDays")]
    [InlineData("Production", "RetentionDays", "year", "FhirMg:RetentionDays")]
    [InlineData("Production", "Api:Authority", "https://id.example", "FhirMg:Api:Audience")]
    [InlineData("Production", "Limits:RequestBytes", "0", "FhirMg:Limits")]
    [InlineData("Production", "PathBase", "mg", "FhirMg:PathBase")]
    [InlineData("Production", "PublicUrl", "http://mg.example", "FhirMg:PublicUrl")]
    [InlineData("Production", "FrameAncestors:0", "https://ehr.example; script-src *", "FhirMg:FrameAncestors:0")]
    [InlineData("Production", "FrameAncestors:0", "https://ehr.example/path", "FhirMg:FrameAncestors:0")]
    [InlineData("Production", "FrameAncestors:0", "*", "FhirMg:FrameAncestors:0")]
    public void What_cannot_be_used_is_refused_naming_its_key(string environment, string key, string? value, string named)
    {
        var settings = Valid();
        settings[key] = value;
        Assert.Contains(Problems(environment, settings), problem => problem.StartsWith(named, StringComparison.Ordinal));
    }

    [Fact]
    public void A_whole_configuration_is_taken_in_production() => Assert.Empty(Problems("Production", Valid()));

    [Fact]
    public void No_server_is_refused_in_production() =>
        Assert.Contains(Problems("Production", new() { ["PublicUrl"] = "https://mg.example" }), problem => problem.StartsWith("FhirMg:Servers: ", StringComparison.Ordinal));

    [Fact]
    public void A_secret_at_the_wrong_key_is_not_repeated()
    {
        var settings = Valid();
        settings["RetentionDays"] = "hunter2";
        var problems = Problems("Production", settings);
        Assert.NotEmpty(problems);
        Assert.DoesNotContain(problems, problem => problem.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Misspelt_keys_are_found_wherever_they_stand()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FhirMg:PublicUrl"] = "https://mg.example",
            ["FhirMg:RetentionDay"] = "30",
            ["FhirMg:Servers:0:BaseUrl"] = "https://fhir.example",
            ["FhirMg:Servers:0:Headers:X-Key"] = "secret",
            ["FhirMg:Servers:0:AdditionalCodes:serum-magnesium:0"] = "urn:lab|MG",
            ["FhirMg:Servers:0:CdsClients:0:Isuer"] = "https://ehr.example",
            ["FhirMg:Store:Providers"] = "sqlite",
        }).Build();
        Assert.Equal(["FhirMg:RetentionDay", "FhirMg:Servers:0:CdsClients:0:Isuer", "FhirMg:Store:Providers"],
            UnknownKeys.Of(configuration.GetSection("FhirMg"), typeof(ServiceOptions)).Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, string?> Valid() => new(StringComparer.Ordinal)
    {
        ["PublicUrl"] = "https://mg.example",
        ["Servers:0:Name"] = "hospital",
        ["Servers:0:BaseUrl"] = "https://fhir.example/r4",
    };

    private static IReadOnlyList<string> Problems(string environment, Dictionary<string, string?> settings)
    {
        try
        {
            var application = ServiceApplication.Build(["--environment", environment], builder =>
                builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"FhirMg:{setting.Key}", setting.Value))));
            ((IDisposable)application).Dispose();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
        catch (ConfigurationException e)
        {
            return [e.Message];
        }
    }
}
