using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace FhirMg.Reasoning.Proposing;

/// <summary>The JSON of a resource, as the FHIR library writes it, with gaps where a patient's own content goes. Threads may share it.</summary>
internal sealed class ResourceTemplate
{
    private const string Mark = "\u0001";
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    private static readonly FhirJsonSerializer Serializer = new();
    private static readonly JsonWriterOptions Plain = new() { Encoder = Encoder, SkipValidation = true };
    private readonly List<Part> _parts = [];
    private byte[] _end = [];

    private ResourceTemplate()
    {
    }

    private enum Gap
    {
        Identifier,
        Subject,
        Authored,
        Encounter,
        Reasons,
        Supporting,
        Siblings,
        NextSibling,
    }

    /// <summary>Makes the template of a resource: it takes the resource's own content out.</summary>
    public static ResourceTemplate Of(DomainResource resource)
    {
        Empty(resource);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain))
        {
            Serializer.Serialize(resource, writer);
        }

        return Split(Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>Writes the resource with a patient's own content.</summary>
    public void Write(IBufferWriter<byte> output, OwnContent own)
    {
        var sibling = 0;
        foreach (var part in _parts)
        {
            output.Write(part.Before);
            switch (part.Gap)
            {
                case Gap.Identifier:
                    JsonText.Write(output, own.Identifier);
                    break;
                case Gap.Subject:
                    JsonText.Write(output, own.Subject);
                    break;
                case Gap.Authored:
                    JsonText.Write(output, own.Authored);
                    break;
                case Gap.NextSibling:
                    JsonText.Write(output, own.Siblings[sibling++]);
                    break;
                case Gap.Encounter:
                    if (own.Encounter is { } encounter)
                    {
                        output.Write(part.Opening);
                        Reference(output, encounter, null);
                    }

                    break;
                case Gap.Siblings:
                    List(output, part, own.Siblings, Sibling);
                    break;
                default:
                    List(output, part, part.Gap == Gap.Reasons ? own.Reasons : own.Supporting, Evidence);
                    break;
            }
        }

        output.Write(_end);
    }

    private static void Empty(DomainResource resource)
    {
        static string At(Gap gap) => $"{Mark}{gap}{Mark}";
        static ResourceReference To(Gap gap) => new(At(gap));
        if (resource is IIdentifiable<List<Identifier>> identified)
        {
            identified.Identifier[0].Value = At(Gap.Identifier);
        }

        switch (resource)
        {
            case MedicationRequest medicine:
                (medicine.Subject, medicine.Encounter) = (To(Gap.Subject), To(Gap.Encounter));
                (medicine.ReasonReference, medicine.SupportingInformation) = ([To(Gap.Reasons)], [To(Gap.Supporting)]);
                (medicine.AuthoredOnElement, medicine.DetectedIssue) = (new(At(Gap.Authored)), [To(Gap.Siblings)]);
                break;
            case ServiceRequest service:
                service.Subject = To(Gap.Subject);
                (service.ReasonReference, service.SupportingInfo) = ([To(Gap.Reasons)], [To(Gap.Supporting)]);
                service.AuthoredOnElement = new(At(Gap.Authored));
                break;
            case CommunicationRequest advice:
                (advice.Subject, advice.ReasonReference) = (To(Gap.Subject), [To(Gap.Reasons)]);
                advice.AuthoredOnElement = new(At(Gap.Authored));
                break;
            case Hl7.Fhir.Model.Task task:
                (task.For, task.AuthoredOnElement) = (To(Gap.Subject), new(At(Gap.Authored)));
                break;
            case RiskAssessment assessment:
                (assessment.Subject, assessment.Basis) = (To(Gap.Subject), [To(Gap.Supporting)]);
                assessment.Occurrence = new FhirDateTime(At(Gap.Authored));
                break;
            case DetectedIssue issue:
                (issue.Patient, issue.Implicated) = (To(Gap.Subject), [To(Gap.Supporting)]);
                issue.Identified = new FhirDateTime(At(Gap.Authored));
                break;
            case RequestGroup group:
                (group.Subject, group.AuthoredOnElement) = (To(Gap.Subject), new(At(Gap.Authored)));
                group.Action.SelectMany(action => action.Action).ToList().ForEach(choice => choice.Resource = To(Gap.NextSibling));
                break;
            case Provenance provenance:
                provenance.Meta!.Tag[^1].Code = At(Gap.Identifier);
                provenance.Target = [To(Gap.Siblings)];
                provenance.Entity = [new() { Role = Provenance.ProvenanceEntityRole.Source, What = To(Gap.Supporting) }];
                break;
            default:
                throw new NotSupportedException($"{resource.TypeName} is none of what is proposed");
        }
    }

    // A gap for what may be missing takes its property with it; the text before it always ends in another one.
    private static ResourceTemplate Split(string json)
    {
        const string Open = "{\"reference\":\"";
        var template = new ResourceTemplate();
        var escaped = JsonEncodedText.Encode(Mark, Encoder).ToString();
        for (; ; )
        {
            var start = json.IndexOf(escaped, StringComparison.Ordinal);
            if (start < 0)
            {
                template._end = Encoding.UTF8.GetBytes(json);
                return template;
            }

            var nameStart = start + escaped.Length;
            var nameEnd = json.IndexOf(escaped, nameStart, StringComparison.Ordinal);
            var gap = Enum.Parse<Gap>(json[nameStart..nameEnd]);
            var end = nameEnd + escaped.Length;
            var (from, to) = gap switch
            {
                Gap.Encounter => (json.LastIndexOf(",\"encounter\"", start, StringComparison.Ordinal), json.IndexOf('}', end) + 1),
                Gap.Reasons or Gap.Supporting or Gap.Siblings => (json.LastIndexOf(",\"", json.LastIndexOf('[', start), StringComparison.Ordinal), json.IndexOf(']', end) + 1),
                _ => (start - 1, end + 1),
            };
            var (opening, item, close) = ("", "", "");
            if (gap is not (Gap.Identifier or Gap.Subject or Gap.Authored or Gap.NextSibling))
            {
                // ,"entity":[ and {"role":"source","what": and } – or nothing around a bare reference.
                var bracket = gap == Gap.Encounter ? start - Open.Length : json.IndexOf('[', from) + 1;
                (opening, item) = (json[from..bracket], json[bracket..(start - Open.Length)]);
                close = gap == Gap.Encounter ? "" : json[(end + 2)..(to - 1)];
            }

            template._parts.Add(new(Encoding.UTF8.GetBytes(json[..from]), gap, Encoding.UTF8.GetBytes(opening), Encoding.UTF8.GetBytes(item), Encoding.UTF8.GetBytes(close)));
            json = json[to..];
        }
    }

    private static void List<T>(IBufferWriter<byte> output, Part part, IReadOnlyList<T> items, Action<IBufferWriter<byte>, T> write)
    {
        for (var i = 0; i < items.Count; i++)
        {
            output.Write(i > 0 ? ","u8 : part.Opening);
            output.Write(part.BeforeItem);
            write(output, items[i]);
            output.Write(part.AfterItem);
        }

        output.Write(items.Count > 0 ? "]"u8 : default);
    }

    private static void Sibling(IBufferWriter<byte> output, string url) => Reference(output, url, null);

    private static void Evidence(IBufferWriter<byte> output, Evaluation.Evidence evidence)
    {
        var (target, display) = Composer.Words(evidence);
        Reference(output, target, display);
    }

    private static void Reference(IBufferWriter<byte> output, string? target, string? display)
    {
        output.Write("{"u8);
        if (target is not null)
        {
            output.Write("\"reference\":"u8);
            JsonText.Write(output, target);
        }

        if (display is not null)
        {
            output.Write(target is null ? "\"display\":"u8 : ",\"display\":"u8);
            JsonText.Write(output, display);
        }

        output.Write("}"u8);
    }

    /// <summary>Text, the gap behind it, and what stands there around a list and its items when it is not empty.</summary>
    private sealed record Part(byte[] Before, Gap Gap, byte[] Opening, byte[] BeforeItem, byte[] AfterItem);
}
