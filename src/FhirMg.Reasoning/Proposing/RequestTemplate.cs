using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Evidence = FhirMg.Reasoning.Evaluation.Evidence;

namespace FhirMg.Reasoning.Proposing;

/// <summary>The JSON of a request with gaps where a patient's own content goes.</summary>
internal sealed class RequestTemplate
{
    private const string Mark = "\u0001";
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly List<(byte[] Before, Gap Gap)> _parts = [];
    private byte[] _end = [];

    private RequestTemplate()
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
    }

    /// <summary>Makes the template of a request: it takes the request's own content out.</summary>
    public static RequestTemplate Of(DomainResource request)
    {
        string At(Gap gap) => $"{Mark}{gap}{Mark}";
        ResourceReference To(Gap gap) => new(At(gap));
        ((IIdentifiable<List<Identifier>>)request).Identifier[0].Value = At(Gap.Identifier);
        switch (request)
        {
            case MedicationRequest medicine:
                (medicine.Subject, medicine.Encounter) = (To(Gap.Subject), To(Gap.Encounter));
                (medicine.ReasonReference, medicine.SupportingInformation) = ([To(Gap.Reasons)], [To(Gap.Supporting)]);
                medicine.AuthoredOnElement = new(At(Gap.Authored));
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
                task.For = To(Gap.Subject);
                task.AuthoredOnElement = new(At(Gap.Authored));
                break;
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain))
        {
            new FhirJsonSerializer().Serialize(request, writer);
        }

        return Split(Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>Writes the request of an assessment.</summary>
    public void Write(IBufferWriter<byte> output, Assessment assessment, RequestResources requests, Rule rule, Activity activity)
    {
        foreach (var (before, gap) in _parts)
        {
            output.Write(before);
            switch (gap)
            {
                case Gap.Identifier:
                    Text(output, requests.Identity(rule, activity));
                    break;
                case Gap.Subject:
                    Text(output, assessment.Features.Patient);
                    break;
                case Gap.Authored:
                    Text(output, new FhirDateTime(assessment.Features.AsOf).Value!);
                    break;
                case Gap.Encounter:
                    if (requests.EncounterOf(rule) is { } encounter)
                    {
                        output.Write(",\"encounter\":{\"reference\":"u8);
                        Text(output, encounter);
                        output.Write("}"u8);
                    }

                    break;
                default:
                    References(output, gap, requests.EvidenceFor(rule, gap == Gap.Reasons), activity.Kind);
                    break;
            }
        }

        output.Write(_end);
    }

    // A gap for what may be missing takes its property with it; the text before it always ends in another one.
    private static RequestTemplate Split(string json)
    {
        var template = new RequestTemplate();
        var escaped = JsonEncodedText.Encode(Mark, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
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
                Gap.Reasons or Gap.Supporting => (json.LastIndexOf(",\"", json.LastIndexOf('[', start), StringComparison.Ordinal), json.IndexOf(']', end) + 1),
                _ => (start - 1, end + 1),
            };
            template._parts.Add((Encoding.UTF8.GetBytes(json[..from]), gap));
            json = json[to..];
        }
    }

    private static void References(IBufferWriter<byte> output, Gap gap, IEnumerable<Evidence> evidence, string kind)
    {
        var first = true;
        foreach (var item in evidence)
        {
            output.Write(!first ? ","u8 : gap == Gap.Reasons ? ",\"reasonReference\":["u8
                : kind == "MedicationRequest" ? ",\"supportingInformation\":["u8 : ",\"supportingInfo\":["u8);
            first = false;
            var reference = Composer.Reference(item);
            if (reference.Reference is { } target)
            {
                output.Write("{\"reference\":"u8);
                Text(output, target);
                output.Write(reference.Display is null ? "}"u8 : ","u8);
            }
            else
            {
                output.Write("{"u8);
            }

            if (reference.Display is { } display)
            {
                output.Write("\"display\":"u8);
                Text(output, display);
                output.Write("}"u8);
            }
        }

        output.Write(first ? default : "]"u8);
    }

    private static void Text(IBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        output.Write("\""u8);
    }
}
