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
    private readonly Part[] _parts;
    private readonly byte[] _end;

    // The bytes of what is there in any case, and what may stand around an item of a list.
    private readonly int _length;
    private readonly int _mostAroundItem;

    private ResourceTemplate(List<Part> parts, string end)
    {
        _parts = [.. parts];
        _end = Encoding.UTF8.GetBytes(end);
        _length = _end.Length + parts.Sum(part => part.Before.Length + part.Opening.Length + Around.Length);
        _mostAroundItem = Open.Length + Around.Length + parts.Select(part => part.BeforeItem.Length + part.AfterItem.Length).DefaultIfEmpty().Max();
    }

    // What stands around a text or an item of a list, in whatever order.
    private static ReadOnlySpan<byte> Around => "\"\"],"u8;

    private static ReadOnlySpan<byte> Open => "{\"reference\":"u8;

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
        var room = output.GetSpan(_length + own.Length + ((own.Reasons.Length + own.Supporting.Length + own.Siblings.Count) * _mostAroundItem));
        var rest = room;
        var sibling = 0;
        foreach (var part in _parts)
        {
            Put(ref rest, part.Before);
            switch (part.Gap)
            {
                case Gap.Identifier:
                    PutQuoted(ref rest, own.Identifier);
                    break;
                case Gap.Subject:
                    Put(ref rest, own.Subject);
                    break;
                case Gap.Authored:
                    Put(ref rest, own.Authored);
                    break;
                case Gap.NextSibling:
                    PutQuoted(ref rest, own.Siblings[sibling++]);
                    break;
                case Gap.Encounter:
                    if (own.Encounter is { } encounter)
                    {
                        Put(ref rest, part.Opening);
                        Put(ref rest, encounter);
                    }

                    break;
                case Gap.Siblings:
                    PutSiblings(ref rest, part, own.Siblings);
                    break;
                default:
                    PutReferences(ref rest, part, part.Gap == Gap.Reasons ? own.Reasons : own.Supporting);
                    break;
            }
        }

        Put(ref rest, _end);
        output.Advance(room.Length - rest.Length);
    }

    private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> json)
    {
        json.CopyTo(rest);
        rest = rest[json.Length..];
    }

    // Digests and uuids have nothing to escape.
    private static void PutQuoted(ref Span<byte> rest, string text)
    {
        rest[0] = (byte)'"';
        var length = Encoding.UTF8.GetBytes(text, rest[1..]);
        rest[length + 1] = (byte)'"';
        rest = rest[(length + 2)..];
    }

    private static void PutReferences(ref Span<byte> rest, Part part, byte[][] references)
    {
        for (var i = 0; i < references.Length; i++)
        {
            Put(ref rest, i > 0 ? ","u8 : part.Opening);
            Put(ref rest, part.BeforeItem);
            Put(ref rest, references[i]);
            Put(ref rest, part.AfterItem);
        }

        Put(ref rest, references.Length > 0 ? "]"u8 : default);
    }

    private static void PutSiblings(ref Span<byte> rest, Part part, IReadOnlyList<string> siblings)
    {
        for (var i = 0; i < siblings.Count; i++)
        {
            Put(ref rest, i > 0 ? ","u8 : part.Opening);
            Put(ref rest, part.BeforeItem);
            Put(ref rest, Open);
            PutQuoted(ref rest, siblings[i]);
            Put(ref rest, "}"u8);
            Put(ref rest, part.AfterItem);
        }

        Put(ref rest, siblings.Count > 0 ? "]"u8 : default);
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
        var parts = new List<Part>();
        var escaped = JsonEncodedText.Encode(Mark, Encoder).ToString();
        for (; ; )
        {
            var start = json.IndexOf(escaped, StringComparison.Ordinal);
            if (start < 0)
            {
                return new(parts, json);
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
                var bracket = gap == Gap.Encounter ? start - (Open.Length + 1) : json.IndexOf('[', from) + 1;
                (opening, item) = (json[from..bracket], json[bracket..(start - (Open.Length + 1))]);
                close = gap == Gap.Encounter ? "" : json[(end + 2)..(to - 1)];
            }

            parts.Add(new(Encoding.UTF8.GetBytes(json[..from]), gap, Encoding.UTF8.GetBytes(opening), Encoding.UTF8.GetBytes(item), Encoding.UTF8.GetBytes(close)));
            json = json[to..];
        }
    }

    /// <summary>Text, the gap behind it, and what stands there around a list and its items when it is not empty.</summary>
    private sealed record Part(byte[] Before, Gap Gap, byte[] Opening, byte[] BeforeItem, byte[] AfterItem);
}
