using FhirMg.Sandbox;
using FhirMg.Service.Configuration;
using FhirMg.Service.Store;
using Microsoft.Extensions.Options;

namespace FhirMg.Service.Hosting;

/// <summary>What the program does: serve, or one of the commands an operator runs beside it.</summary>
internal static class CommandLine
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongUsage = 2;

    /// <summary>Runs the program.</summary>
    /// <returns>0 done, 1 it could not be done (what and what to do on stderr), 2 wrong usage.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            return args switch
            {
                ["erase-patient", .. var rest] => await ErasePatientCommand.RunAsync(rest),
                ["--health", .. var rest] => await HealthCommand.RunAsync(rest),
                ["--help" or "-h", ..] => Help(),
                [var word, ..] when !word.StartsWith('-') && !word.Contains('=', StringComparison.Ordinal) => Wrong($"there is no command '{word}'"),
                _ => await ServeAsync(args),
            };
        }
        catch (OptionsValidationException e)
        {
            foreach (var problem in e.Failures)
            {
                await Console.Error.WriteLineAsync(problem);
            }

            return Failed;
        }
        catch (Exception e) when (e is ConfigurationException or SandboxException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
        catch (Exception e) when (StoreFaults.IsOfStore(e))
        {
            await Console.Error.WriteLineAsync($"The store cannot be used: {e.GetBaseException().Message} Check FhirMg:Store:ConnectionString, and that the database runs.");
            return Failed;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{e.Message} Choose another address by --urls http://localhost:PORT (environment: ASPNETCORE_URLS).");
            return Failed;
        }
    }

    /// <summary>Says what is wrong about the usage.</summary>
    public static int Wrong(string problem)
    {
        Console.Error.WriteLine($"{problem}\n\n{Usage}");
        return WrongUsage;
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        var application = ServiceApplication.Build(args);
        await using (application)
        {
            await application.RunAsync();
        }

        return Done;
    }

    private static int Help()
    {
        Console.Out.WriteLine(Usage);
        return Done;
    }

    private const string Usage = """
        fhirmg-service                                        serves, until it is stopped
        fhirmg-service erase-patient --server NAME --patient ID
                                                              erases what the store holds of one patient
        fhirmg-service --health [URL]                         asks a running service whether it is ready (exit code 0: it is)

        Configuration: appsettings.json, environment variables (FhirMg__Servers__0__BaseUrl) or --FhirMg:Servers:0:BaseUrl=…
        """;
}
