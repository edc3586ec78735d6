namespace FhirMg.Reasoning.Tests;

/// <summary>Parts that tests need and a plain machine may lack: skipped with a reason, but failing where all is said to be installed.</summary>
internal static class Installed
{
    /// <summary>The folder of the profile validator, with its packages installed.</summary>
    public static string Validator()
    {
        var folder = Repository.Path("tests", "validation");
        Require(Directory.Exists(Path.Combine(folder, "node_modules")), "the profile validator is not installed: run npm ci in tests/validation");
        return folder;
    }

    private static void Require(bool present, string reason)
    {
        if (!present && Environment.GetEnvironmentVariable("FHIRMG_REQUIRE_ALL") == "1")
        {
            Assert.Fail(reason);
        }

        Assert.SkipUnless(present, reason);
    }
}
