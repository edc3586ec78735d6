using System.Net;
using FhirMg.Sandbox.Tests.Ehr;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Sandbox.Tests;

/// <summary>What comes with CDS Hooks: the EHR's JWT, and an access token for the chart.</summary>
public sealed class HookTokenTests(Ward ward) : IClassFixture<Ward>
{
    [Fact]
    public async Task A_hook_is_signed_by_the_published_key_for_its_own_url_shortly_and_once()
    {
        ward.Reset();
        await FireAsync("patient-view");
        await FireAsync("order-sign");
        var application = ward.Hospital.Application;
        var keys = JsonWebKeySet.Create(await ward.Hospital.Http.GetStringAsync(application.CdsJwksUri, TestContext.Current.CancellationToken));
        Assert.All(keys.Keys, key => Assert.Null(key.D));
        var seen = new HashSet<string>();
        foreach (var (path, token, _, _) in ward.Service.Received)
        {
            var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new()
            {
                ValidIssuer = application.CdsIssuer,
                ValidAudience = new Uri(ward.Service.Address, path).AbsoluteUri,
                IssuerSigningKeys = keys.GetSigningKeys(),
                ValidAlgorithms = ["ES384"],
                ValidTypes = ["JWT"],
            });
            Assert.True(result.IsValid, result.Exception?.Message);
            var read = new JsonWebToken(token);
            Assert.Equal(application.CdsJwksUri.AbsoluteUri, read.GetHeaderValue<string>("jku"));
            Assert.True(read.ValidTo - read.IssuedAt <= TimeSpan.FromMinutes(5));
            Assert.True(seen.Add(read.Id), "a jti came twice");
        }

        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task Its_access_token_reads_that_chart_and_no_other_and_writes_nothing()
    {
        ward.Reset();
        await FireAsync("patient-view");
        var call = ward.Service.Received.Single().Body;
        var authorization = call["fhirAuthorization"]!;
        Assert.Equal(("Bearer", "fhirmg", Desk.Patient), ((string)authorization["token_type"]!, (string)authorization["subject"]!, (string)authorization["patient"]!));
        Assert.Equal(ward.Hospital.Application.FhirBase.AbsoluteUri, (string)call["fhirServer"]!);
        var token = (string)authorization["access_token"]!;
        await ward.Hospital.GetAsync($"Patient/{Desk.Patient}", token);
        Assert.Equal(HttpStatusCode.Forbidden, (await ward.Hospital.SendAsync(HttpMethod.Get, "Patient/acute-attack-in-emergency-p1", token: token)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await ward.Hospital.SendAsync(HttpMethod.Post, "MedicationRequest", FhirTests.Order("urn:test", "hook"), token)).Response.StatusCode);
    }

    [Fact]
    public async Task Nobody_but_the_page_gets_such_a_token()
    {
        var app = new SmartApp(ward.Hospital, "fhirmg-public");
        var (status, _) = await app.TokenAsync(("grant_type", "urn:fhirmg:sandbox:hook"), ("patient", Desk.Patient), ("practitioner", "petrova"), ("scope", "patient/*.rs"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    private async Task FireAsync(string hook)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["patient"] = Desk.Patient, ["hook"] = hook });
        var response = await ward.Hospital.Http.PostAsync(new Uri(ward.Hospital.Application.EhrPage, "ehr/hooks"), form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
