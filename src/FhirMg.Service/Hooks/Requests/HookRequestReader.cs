using System.Text;
using System.Text.Json;
using FhirMg.Reasoning.Reading;
using FhirMg.Service.Errors;
using FhirMg.Service.Store;

namespace FhirMg.Service.Hooks.Requests;

/// <summary>Reads a call in one pass over its bytes. Unknown members are passed over: later versions of the specification add some.</summary>
internal static class HookRequestReader
{
    private const int LongestReference = 200;
    private const int CommonKeys = 8;

    // What a text holds is checked where it is read: the index looks at none.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a call.</summary>
    /// <param name="body">The call.</param>
    /// <param name="index">Made of it; the marks of what was sent along lead into it.</param>
    /// <exception cref="RequestException">It is no call of a CDS service; the message says why.</exception>
    public static HookRequest Read(ReadOnlySpan<byte> body, JsonIndex index)
    {
        try
        {
            var reader = new JsonCursor(body, index);
            return Read(ref reader);
        }
        catch (JsonException e)
        {
            throw new RequestException($"the body is no valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})");
        }
        catch (Exception e) when (e is InvalidOperationException or DecoderFallbackException)
        {
            throw new RequestException("the body holds text that is no valid UTF-8");
        }
    }

    private static HookRequest Read(ref JsonCursor reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new RequestException("the body is no JSON object");
        }

        string? hook = null, instance = null, server = null;
        FhirAuthorization? authorization = null;
        var unreadable = false;
        var context = default(HookContext);
        var prefetch = new Dictionary<string, PrefetchedValue>(CommonKeys, StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "hook"u8))
            {
                hook = Text(ref reader, "hook");
            }
            else if (Is(ref reader, "hookInstance"u8))
            {
                instance = Text(ref reader, "hookInstance");
            }
            else if (Is(ref reader, "fhirServer"u8))
            {
                server = Text(ref reader, "fhirServer");
            }
            else if (Is(ref reader, "fhirAuthorization"u8))
            {
                authorization = ReadAuthorization(ref reader, out unreadable);
            }
            else if (Is(ref reader, "context"u8))
            {
                context = ReadContext(ref reader);
            }
            else if (Is(ref reader, "prefetch"u8))
            {
                ReadPrefetch(ref reader, prefetch);
            }
            else
            {
                reader.Skip();
            }
        }

        // The end is read too: half a call must not look like a whole one.
        reader.Read();
        return new()
        {
            Hook = Required(hook, "hook"),
            HookInstance = Required(instance, "hookInstance"),
            PatientId = PatientId(context.PatientId),
            FhirServer = server,
            UserId = context.UserId,
            Authorization = authorization,
            AuthorizationIsUnreadable = unreadable,
            Selections = context.Selections ?? [],
            DraftOrders = context.DraftOrders,
            Prefetch = prefetch,
        };
    }

    private static HookContext ReadContext(ref JsonCursor reader)
    {
        var context = new HookContext();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new RequestException("context is no object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "patientId"u8))
            {
                context.PatientId = Text(ref reader, "context.patientId");
            }
            else if (Is(ref reader, "userId"u8))
            {
                context.UserId = Text(ref reader, "context.userId") is { Length: <= LongestReference } user ? StoredText.Of(user, LongestReference) : null;
            }
            else if (Is(ref reader, "selections"u8))
            {
                context.Selections = Texts(ref reader);
            }
            else if (Is(ref reader, "draftOrders"u8))
            {
                reader.Read();
                var start = reader.Position;
                context.DraftOrders = reader.TokenType == JsonTokenType.StartObject ? Skipped(ref reader, start)
                    : reader.TokenType == JsonTokenType.Null ? null
                    : throw new RequestException("context.draftOrders is no Bundle");
            }
            else
            {
                reader.Skip();
            }
        }

        return context;
    }

    private static void ReadPrefetch(ref JsonCursor reader, Dictionary<string, PrefetchedValue> prefetch)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new RequestException("prefetch is no object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Text(ref reader);
            reader.Read();
            var (start, mark) = (reader.Position, reader.Mark());
            var form = reader.TokenType switch
            {
                JsonTokenType.Null => PrefetchedForm.Null,
                JsonTokenType.StartObject => PrefetchedForm.Object,
                _ => PrefetchedForm.Other,
            };
            prefetch[key] = new(Skipped(ref reader, start), mark, form);
        }
    }

    private static FhirAuthorization? ReadAuthorization(ref JsonCursor reader, out bool unreadable)
    {
        reader.Read();
        unreadable = reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        string? token = null, type = null, scope = null, subject = null, patient = null;
        decimal? expires = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "access_token"u8))
            {
                token = Text(ref reader, "fhirAuthorization.access_token");
            }
            else if (Is(ref reader, "token_type"u8))
            {
                type = Text(ref reader, "fhirAuthorization.token_type");
            }
            else if (Is(ref reader, "scope"u8))
            {
                scope = Text(ref reader, "fhirAuthorization.scope");
            }
            else if (Is(ref reader, "subject"u8))
            {
                subject = Text(ref reader, "fhirAuthorization.subject");
            }
            else if (Is(ref reader, "patient"u8))
            {
                patient = Text(ref reader, "fhirAuthorization.patient");
            }
            else if (Is(ref reader, "expires_in"u8))
            {
                reader.Read();
                expires = reader.TokenType == JsonTokenType.Number && JsonCursor.TryGetDecimal(reader.ValueSpan, out var seconds) ? seconds : null;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        unreadable = string.IsNullOrEmpty(token);
        return unreadable ? null : new(token!, type, expires, scope, subject, patient);
    }

    private static Range Skipped(ref JsonCursor reader, int start)
    {
        reader.Skip();
        return start..(reader.Position + reader.ValueSpan.Length);
    }

    private static bool Is(ref JsonCursor reader, ReadOnlySpan<byte> name) =>
        reader.ValueIsEscaped ? reader.ValueTextEquals(name) : reader.ValueSpan.SequenceEqual(name);

    private static string Text(ref JsonCursor reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return Utf8.GetString(reader.ValueSpan);
        }

        var text = new byte[reader.ValueSpan.Length];
        return Utf8.GetString(text.AsSpan(0, reader.CopyString(text)));
    }

    private static string? Text(ref JsonCursor reader, string name)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => Text(ref reader),
            JsonTokenType.Null => null,
            _ => throw new RequestException($"{name} is no string"),
        };
    }

    private static List<string> Texts(ref JsonCursor reader)
    {
        var texts = new List<string>();
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return texts;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new RequestException("context.selections is no array");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(reader.TokenType == JsonTokenType.String ? Text(ref reader) : throw new RequestException("context.selections holds something else than strings"));
        }

        return texts;
    }

    private static string Required(string? text, string name) => string.IsNullOrEmpty(text) ? throw new RequestException($"{name} is missing") : text;

    // Some send the reference in place of the id.
    private static string PatientId(string? text)
    {
        const string Type = "Patient/";
        var id = Required(text, "context.patientId");
        id = id.StartsWith(Type, StringComparison.Ordinal) ? id[Type.Length..] : id;
        return FhirId.IsId(id) ? id : throw new RequestException("context.patientId is no FHIR id");
    }

    private struct HookContext
    {
        public string? PatientId;
        public string? UserId;
        public List<string>? Selections;
        public Range? DraftOrders;
    }
}
