using System.Text;
using System.Text.Json;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Walks Bundles and single resources in one pass and hands each resource to the reader of its type.</summary>
internal static class BundleReader
{
    // Servers answer a batch with Bundles in a Bundle, once; deeper ones are a bomb.
    private const int DeepestBundle = 16;

    /// <summary>Reads the resource whose object the reader stands in front of.</summary>
    /// <param name="reader">At the object's start.</param>
    /// <param name="document">Takes the facts of a single resource.</param>
    /// <param name="bundles">Takes a document for each Bundle; null where what is nested is not asked for.</param>
    /// <param name="fullUrl">The entry's fullUrl, or empty.</param>
    /// <param name="index">Position of the entry.</param>
    /// <param name="outcomes">Takes what OperationOutcomes say; null where they are passed over.</param>
    /// <returns>False when the object is no FHIR resource: it has no resourceType.</returns>
    public static bool Read(ref ElementReader reader, DocumentBuilder document, List<DocumentBuilder>? bundles, ReadOnlySpan<byte> fullUrl, int index, List<string>? outcomes = null)
    {
        if (document.Known is { } known)
        {
            ref readonly var one = ref known.At(reader.Json.Position);
            if (one.Shape is not null)
            {
                ReadKnown(one, reader.Json.Source, document, fullUrl, index);
                reader.Json.Skip();
                return true;
            }

            reader.LearnWith(known.Shapes);
        }

        var type = Type(ref reader, out var name);
        if (type == ResourceType.Bundle)
        {
            ReadBundle(ref reader, document, bundles);
            return true;
        }

        if (type == ResourceType.Other)
        {
            if (ResourceTypes.ForeignVersion(name) is { } version)
            {
                document.Foreign(version, $"{Encoding.UTF8.GetString(name)} is no resource of R4");
            }

            var hasType = !name.IsEmpty;
            if (outcomes is not null && name.SequenceEqual("OperationOutcome"u8))
            {
                OutcomeReader.Read(ref reader, outcomes);
            }
            else
            {
                SkipObject(ref reader);
            }

            return hasType;
        }

        var header = new Header(type, fullUrl, index);
        reader.Malformed = false;
        switch (type)
        {
            case ResourceType.Patient:
                PatientReader.Read(ref reader, ref header, document);
                break;
            case ResourceType.Observation:
                ObservationReader.Read(ref reader, ref header, document);
                break;
            case ResourceType.Condition:
                ConditionReader.Read(ref reader, ref header, document);
                break;
            case ResourceType.Encounter:
                EncounterReader.Read(ref reader, ref header, document);
                break;
            case ResourceType.Medication:
                MedicationReader.Read(ref reader, ref header, document);
                break;
            case ResourceType.AllergyIntolerance:
                AllergyReader.Read(ref reader, ref header, document);
                break;
            case ResourceType.QuestionnaireResponse:
                QuestionnaireResponseReader.Read(ref reader, ref header, document);
                break;
            default:
                MedicineReader.Read(ref reader, ref header, document);
                break;
        }

        return true;
    }

    private static void ReadKnown(in KnownResource resource, ReadOnlySpan<byte> json, DocumentBuilder document, ReadOnlySpan<byte> fullUrl, int index)
    {
        var texts = new ResourceTexts(json[resource.Start..], resource.Texts);
        resource.Shape!.Read(texts, Header.Of(resource.Shape.Type, texts, fullUrl, index), document);
    }

    // resourceType nearly always comes first; where it does not, the object is looked through once for it.
    private static ResourceType Type(ref ElementReader reader, out ReadOnlySpan<byte> name)
    {
        var ahead = reader with { Shapes = null };
        name = default;
        while (ahead.NextProperty())
        {
            if (ahead.Is("resourceType"u8))
            {
                name = ahead.String();
                reader.Shapes?.TypeAt(ahead.Json.Position);
                return ResourceTypes.Parse(name);
            }

            ahead.Skip();
        }

        return ResourceType.Other;
    }

    private static void SkipObject(ref ElementReader reader)
    {
        while (reader.NextProperty())
        {
            reader.Skip();
        }
    }

    /// <summary>Reads a server's answer into a document: a Bundle's entries, or the one resource that it is.</summary>
    /// <param name="reader">At the object's start.</param>
    /// <param name="document">Takes the facts.</param>
    /// <param name="outcomes">Takes what OperationOutcomes say.</param>
    public static (string Type, string? Next, int Resources) ReadPage(ref ElementReader reader, DocumentBuilder document, List<string> outcomes)
    {
        var type = Type(ref reader, out var name);
        var typeName = type == ResourceType.Other ? Encoding.UTF8.GetString(name) : ResourceTypes.Name(type);
        if (type != ResourceType.Bundle)
        {
            Read(ref reader, document, null, default, 0, outcomes);
            return (typeName, null, name.SequenceEqual("OperationOutcome"u8) ? 0 : 1);
        }

        string? next = null;
        var resources = 0;
        while (reader.NextProperty())
        {
            if (reader.Is("link"u8))
            {
                next = ReadNext(ref reader) ?? next;
            }
            else if (reader.Is("entry"u8))
            {
                for (var entered = reader.EnterArray(); entered && reader.NextObject(); resources++)
                {
                    ReadEntry(ref reader, document, null, resources, outcomes);
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return (typeName, next, resources);
    }

    private static string? ReadNext(ref ElementReader reader)
    {
        string? next = null;
        for (var entered = reader.EnterArray(); entered && reader.NextObject();)
        {
            ReadOnlySpan<byte> relation = default, url = default;
            while (reader.NextProperty())
            {
                if (reader.Is("relation"u8))
                {
                    relation = reader.String();
                }
                else if (reader.Is("url"u8))
                {
                    url = reader.String();
                }
                else
                {
                    reader.Skip();
                }
            }

            next = relation.SequenceEqual("next"u8) ? reader.Text(url) : next;
        }

        return next;
    }

    private static void ReadBundle(ref ElementReader reader, DocumentBuilder outer, List<DocumentBuilder>? bundles)
    {
        if (outer.Depth == DeepestBundle)
        {
            throw new JsonException($"Bundles are nested more than {DeepestBundle} deep");
        }

        var document = new DocumentBuilder(outer.Knowledge) { Depth = outer.Depth + 1, Known = outer.Known };
        bundles?.Add(document);

        // What stands in it is no resource of this shape.
        reader.Shapes = null;
        while (reader.NextProperty())
        {
            if (reader.Is("type"u8))
            {
                document.IsHistory = reader.String().SequenceEqual("history"u8);
            }
            else if (reader.Is("meta"u8))
            {
                ReadMeta(ref reader, document);
            }
            else if (reader.Is("entry"u8))
            {
                var entered = reader.EnterArray();
                for (var index = 0; entered && NextEntry(ref reader); index++)
                {
                    if (reader.Json.TokenType == JsonTokenType.StartObject)
                    {
                        ReadEntry(ref reader, document, bundles, index);
                    }
                    else
                    {
                        reader.Json.Skip();
                    }
                }
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static bool NextEntry(ref ElementReader reader) => reader.Json.Read() && reader.Json.TokenType != JsonTokenType.EndArray;

    private static void ReadEntry(ref ElementReader reader, DocumentBuilder document, List<DocumentBuilder>? bundles, int index, List<string>? outcomes = null)
    {
        ReadOnlySpan<byte> fullUrl = default;
        var (hasResource, hasUrl) = (false, false);
        var resource = default(ElementReader);
        ref readonly var known = ref KnownResource.None;
        while (reader.NextProperty())
        {
            if (reader.Is("fullUrl"u8))
            {
                hasUrl = true;
                fullUrl = reader.String();
            }
            else if (reader.Is("resource"u8))
            {
                var before = reader;
                reader.Json.Read();
                if (reader.Json.TokenType != JsonTokenType.StartObject)
                {
                    reader.Json.Skip();
                }
                else if (hasUrl)
                {
                    Read(ref reader, document, bundles, fullUrl, index, outcomes);
                }
                else
                {
                    // The fullUrl may still come, and it may be all the name that the resource has.
                    known = ref document.Known is { } all ? ref all.At(reader.Json.Position) : ref KnownResource.None;
                    hasResource = known.Shape is null;
                    if (hasResource)
                    {
                        resource = before;
                    }

                    reader.Json.Skip();
                }
            }
            else if (document.IsHistory && reader.Is("request"u8))
            {
                ReadRequest(ref reader, document);
            }
            else
            {
                reader.Skip();
            }
        }

        if (hasResource)
        {
            resource.Json.Read();
            Read(ref resource, document, bundles, fullUrl, index, outcomes);
        }
        else if (known.Shape is not null)
        {
            ReadKnown(known, reader.Json.Source, document, fullUrl, index);
        }
    }

    private static void ReadRequest(ref ElementReader reader, DocumentBuilder document)
    {
        if (!reader.EnterObject())
        {
            return;
        }

        var isDelete = false;
        ReadOnlySpan<byte> url = default;
        while (reader.NextProperty())
        {
            if (reader.Is("method"u8))
            {
                isDelete = reader.String().SequenceEqual("DELETE"u8);
            }
            else if (reader.Is("url"u8))
            {
                url = reader.String();
            }
            else
            {
                reader.Skip();
            }
        }

        if (isDelete && reader.Text(url) is { } reference)
        {
            document.Delete(reference);
        }
    }

    // A profile of core names its version: http://hl7.org/fhir/5.0/StructureDefinition/Bundle, or …/Bundle|5.0.0.
    private static void ReadMeta(ref ElementReader reader, DocumentBuilder document)
    {
        if (!reader.EnterObject())
        {
            return;
        }

        while (reader.NextProperty())
        {
            if (!reader.Is("profile"u8) || !reader.EnterArray())
            {
                if (reader.Json.TokenType == JsonTokenType.PropertyName)
                {
                    reader.Skip();
                }

                continue;
            }

            while (reader.Json.Read() && reader.Json.TokenType != JsonTokenType.EndArray)
            {
                if (reader.Json.TokenType == JsonTokenType.String)
                {
                    if (ForeignProfile(reader.Json.ValueSpan) is { } version)
                    {
                        document.Foreign(version, $"Bundle.meta.profile is {Encoding.UTF8.GetString(reader.Json.ValueSpan)}");
                    }
                }
                else
                {
                    reader.Json.Skip();
                }
            }
        }
    }

    private static string? ForeignProfile(ReadOnlySpan<byte> profile)
    {
        foreach (var (number, version) in new[] { ("1.0", "DSTU2"), ("3.0", "STU3"), ("4.3", "R4B"), ("5.0", "R5"), ("6.0", "R6") })
        {
            if (profile.StartsWith("http://hl7.org/fhir/"u8) && (profile.IndexOf(Encoding.UTF8.GetBytes($"/fhir/{number}/")) >= 0 || profile.IndexOf(Encoding.UTF8.GetBytes($"|{number}")) >= 0))
            {
                return version;
            }
        }

        return null;
    }
}
