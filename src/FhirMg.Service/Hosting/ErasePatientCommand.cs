using FhirMg.Service.Store;
using FhirMg.Service.Tenants;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Hosting;

/// <summary><c>erase-patient --server NAME --patient ID</c>: erases what the store holds of one patient. What the FHIR server holds is its own.</summary>
internal static class ErasePatientCommand
{
    /// <summary>Runs the command.</summary>
    /// <returns>0 when it is done.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var command = new ConfigurationBuilder().AddCommandLine(args).Build();
        if (command["server"] is not { Length: > 0 } server || command["patient"] is not { Length: > 0 } patient)
        {
            return CommandLine.Wrong("erase-patient needs --server NAME and --patient ID");
        }

        await using var application = ServiceApplication.Build(args);
        if (application.Services.GetRequiredService<TenantRegistry>().Find(server) is null)
        {
            await Console.Error.WriteLineAsync($"no server is named '{server}'; there are: {string.Join(", ", application.Services.GetRequiredService<TenantRegistry>().All.Select(tenant => tenant.Name))}");
            return 1;
        }

        await using (var store = await application.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync())
        {
            if ((await store.Database.GetPendingMigrationsAsync()).Any())
            {
                await Console.Error.WriteLineAsync("the store is not of this version, or empty: start the service once, then run this again");
                return 1;
            }
        }

        var reference = patient.StartsWith("Patient/", StringComparison.Ordinal) ? patient : $"Patient/{patient}";
        foreach (var (table, rows) in await application.Services.GetRequiredService<Erasure>().ErasePatientAsync(server, reference, CancellationToken.None))
        {
            await Console.Out.WriteLineAsync($"{table}: {rows} erased");
        }

        return 0;
    }
}
