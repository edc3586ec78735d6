using System.Collections;

namespace FhirMg.Service.Configuration;

/// <summary>Says which configured keys mean nothing: a misspelt key must not pass for a setting.</summary>
internal sealed partial class UnknownKeys(IConfiguration configuration, ILogger<UnknownKeys> logger) : IHostedService
{
    /// <summary>The full names of keys below a section that no option takes.</summary>
    public static IEnumerable<string> Of(IConfigurationSection section, Type options)
    {
        foreach (var child in section.GetChildren())
        {
            if (options.GetProperties().FirstOrDefault(property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is not { } property)
            {
                yield return child.Path;
                continue;
            }

            var type = property.PropertyType;
            var element = type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[^1] : null;
            foreach (var unknown in element?.Namespace == typeof(UnknownKeys).Namespace ? child.GetChildren().SelectMany(one => Of(one, element!))
                : type.Namespace == typeof(UnknownKeys).Namespace ? Of(child, type) : [])
            {
                yield return unknown;
            }
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var key in Of(configuration.GetSection(ServiceOptions.Section), typeof(ServiceOptions)))
        {
            LogUnknown(logger, key);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1020, LogLevel.Warning, "{Key} is configured and means nothing: check its spelling (docs/operating.md lists every key)")]
    private static partial void LogUnknown(ILogger logger, string key);
}
