namespace FhirMg.Service.Hosting;

/// <summary>Logs without data of patients.</summary>
internal static class PlainLogs
{
    /// <summary>JSON lines outside Development; the web framework's own lines, which quote urls and so patients' ids, only from warnings up.</summary>
    public static void AddPlainLogs(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = false;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }

        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning);

        // Of warnings it has none, but as long as it may log anything it begins an activity and a scope with every request, which no log shows.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
