namespace FhirMg.Cli.Tests;

/// <summary>Parts that tests need and a plain machine may lack: skipped with a reason, but failing where all is said to be installed.</summary>
internal static class Installed
{
    /// <summary>The server that really stores, with its packages installed.</summary>
    public static void RequireRealServer()
    {
        var present = Directory.Exists(Repository.Path("tests", "fhir-server", "node_modules"));
        const string Reason = "the FHIR server is not installed: run npm ci in tests/fhir-server";
        if (!present && Environment.GetEnvironmentVariable("FHIRMG_REQUIRE_ALL") == "1")
        {
            Assert.Fail(Reason);
        }

        Assert.SkipUnless(present, Reason);
    }
}
