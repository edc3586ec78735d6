namespace FhirMg.Service.Tests.Hooks;

/// <summary>Texts as they were reviewed. FHIRMG_ACCEPT=1 writes them anew.</summary>
internal static class Snapshot
{
    public static void Match(string name, string actual)
    {
        var file = Repository.Path("tests", "FhirMg.Service.Tests", "Hooks", "Snapshots", $"{name}.txt");
        if (Environment.GetEnvironmentVariable("FHIRMG_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"{file} is missing: read the card, then run with FHIRMG_ACCEPT=1");
        Assert.Equal(File.ReadAllText(file), actual, ignoreLineEndingDifferences: true);
    }
}
