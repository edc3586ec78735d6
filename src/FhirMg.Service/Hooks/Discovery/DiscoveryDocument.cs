using System.Text.Encodings.Web;
using System.Text.Json;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Service.Hooks.Discovery;

/// <summary>The answer of the discovery endpoint, written once a language.</summary>
internal static class DiscoveryDocument
{
    public static byte[] Write(IReadOnlyList<PrefetchTemplate> templates, Knowledge knowledge, Language language)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("services"u8);
            foreach (var service in HookService.All)
            {
                writer.WriteStartObject();
                writer.WriteString("hook"u8, service.Hook);
                writer.WriteString("title"u8, string.Format(
                    System.Globalization.CultureInfo.InvariantCulture, knowledge.Wording["cds-title"][language], knowledge.Wording[$"cds-{service.Hook}"][language]));
                writer.WriteString("description"u8, knowledge.Wording[$"cds-description-{service.Hook}"][language]);
                writer.WriteString("id"u8, service.Id);
                writer.WriteStartObject("prefetch"u8);
                foreach (var template in templates.Where(template => template.IsNeededBy(service)))
                {
                    writer.WriteString(template.Key, template.Query);
                }

                writer.WriteEndObject();
                writer.WriteString("usageRequirements"u8, knowledge.Wording["cds-usage"][language]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
