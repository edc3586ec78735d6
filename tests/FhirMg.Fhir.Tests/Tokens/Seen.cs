using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace FhirMg.Fhir.Tests.Tokens;

/// <summary>A request as the stub saw it.</summary>
internal sealed record Seen(string Method, string Path, string? Authorization, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Form(string name) => System.Web.HttpUtility.ParseQueryString(Body)[name] ?? "";

    public JsonObject Claims => Part(1);

    public JsonObject Header => Part(0);

    private JsonObject Part(int index) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(Form("client_assertion").Split('.')[index]))!.AsObject();
}

/// <summary>What the stub answers.</summary>
internal sealed record Reply(int Status, string Body = "", string Type = "application/json", string? RetryAfter = null, string? Location = null, bool Abort = false, TimeSpan Delay = default)
{
    public static Reply Token(string value = "t0ken", string more = "\"expires_in\":300") =>
        new(200, $$"""{"access_token":"{{value}}","token_type":"bearer"{{(more.Length > 0 ? "," : "")}}{{more}}}""");

    public static Reply Error(string code, string text = "", int status = 400) =>
        new(status, new JsonObject { ["error"] = code, ["error_description"] = text }.ToJsonString());
}
