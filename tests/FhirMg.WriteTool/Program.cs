using System.Globalization;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using Microsoft.Extensions.DependencyInjection;

// FhirMg.WriteTool BASE-URL BUNDLE.json AS-OF: 0 when everything is written, 1 when it has to be run again.
if (args is not [var baseUrl, var file, var time])
{
    await Console.Error.WriteLineAsync("usage: FhirMg.WriteTool BASE-URL BUNDLE.json AS-OF");
    return 2;
}

var knowledge = Knowledge.BuiltIn;
var reader = new InputReader(knowledge);
reader.Read(await File.ReadAllBytesAsync(file), file);
var asOf = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

await using var services = new ServiceCollection()
    .AddFhirServers(new FhirServerOptions { Name = "server", BaseUrl = new(baseUrl), WritePolicy = WritePolicy.Write })
    .BuildServiceProvider();
var server = services.GetRequiredService<FhirServers>()["server"];
var complete = true;
Console.WriteLine("writing");
foreach (var patient in reader.Documents().SelectMany(document => document.Patients))
{
    try
    {
        var result = await WriteBack.ExecuteAsync(server, Evaluator.Evaluate(Extractor.Extract(patient, knowledge, asOf), knowledge), Language.English);
        complete &= result.IsComplete;
        foreach (var step in result.Steps)
        {
            Console.WriteLine($"{step.Outcome} {step.Step.Type} {step.Reference} {step.Problem}");
        }
    }
    catch (FhirServerException e)
    {
        await Console.Error.WriteLineAsync(e.Message);
        complete = false;
    }
}

return complete ? 0 : 1;
