using System.Text.Json;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>What a server's answer held beside resources.</summary>
/// <param name="Type">The resource type of the answer, e.g. <c>Bundle</c>; null when it could not be read.</param>
/// <param name="Next">The next page's link as given; null on the last page.</param>
/// <param name="Resources">How many entries with a resource it had.</param>
/// <param name="Outcomes">What OperationOutcomes in it say, trimmed.</param>
/// <param name="Fault">Why it could not be read; nothing of it counts then. Null when it could.</param>
public sealed record SearchPage(string? Type, string? Next, int Resources, IReadOnlyList<string> Outcomes, ReadFault? Fault);

/// <summary>Answers of one server about one patient – searchsets, pages, single resources – read together as one document.</summary>
public sealed class SearchPages(Knowledge knowledge)
{
    private readonly DocumentBuilder _document = new(knowledge);
    private readonly List<(int From, int To)> _drafts = [];

    /// <summary>Adds an answer. Never throws for content.</summary>
    /// <param name="content">The body, UTF-8 JSON.</param>
    /// <param name="source">Where it came from, for messages; no patient data.</param>
    public SearchPage Add(ReadOnlySpan<byte> content, string source)
    {
        var position = _document.Position;
        var index = JsonIndex.Of(content);
        try
        {
            var reader = new ElementReader(new(content, index));
            var page = Read(ref reader, source, position);

            // The end is read too: half a page must not look like a whole one.
            _ = page.Fault is null && reader.Json.Read();
            return page;
        }
        catch (JsonException e)
        {
            return NoJson(e, source, position);
        }
        finally
        {
            index.Return();
        }
    }

    /// <summary>Adds an answer that stands within a larger text. Never throws for content.</summary>
    /// <param name="before">Just before it, in a text that has been read to its end.</param>
    /// <param name="known">Resources of that text that its index passed over; null for none.</param>
    /// <param name="source">Where it came from, for messages; no patient data.</param>
    internal SearchPage Add(JsonCursor before, KnownResources? known, string source)
    {
        var position = _document.Position;
        _document.Known = known;
        try
        {
            var reader = new ElementReader(before);
            return Read(ref reader, source, position);
        }
        catch (JsonException e)
        {
            return NoJson(e, source, position);
        }
        finally
        {
            _document.Known = null;
        }
    }

    /// <summary>Adds the draft orders that a clinician is about to place: their medicines count as current for the safety rules alone (IN-8).</summary>
    /// <param name="content">A Bundle, or one resource, UTF-8 JSON; elements that orders need may be missing.</param>
    /// <param name="patient">Whose drafts they are where they do not say it, <c>Patient/id</c>.</param>
    /// <param name="source">Where they came from, for messages; no patient data.</param>
    /// <param name="formerly">Ids of records that were merged into this patient's, whose drafts are this patient's too; null for none.</param>
    public SearchPage AddDrafts(ReadOnlySpan<byte> content, string patient, string source, IReadOnlyCollection<string>? formerly = null)
    {
        (_document.DraftsOf, _document.DraftsFormerlyOf) = (patient, formerly ?? []);
        var from = _document.Position.Ordinal;
        try
        {
            return Add(content, source);
        }
        finally
        {
            (_document.DraftsOf, _document.DraftsFormerlyOf) = (null, []);
            _drafts.Add((from, _document.Position.Ordinal));
        }
    }

    /// <summary>Takes back the draft orders added so far: they turned out to be another record's.</summary>
    public void ForgetDrafts()
    {
        _drafts.ForEach(drafts => _document.ForgetBetween(drafts.From, drafts.To));
        _drafts.Clear();
    }

    /// <summary>Has what is about records that were merged into a patient's count as that patient's.</summary>
    /// <param name="patient">The patient who lives on, <c>Patient/id</c>, whose Patient is among the answers.</param>
    /// <param name="formerly">The records that were merged, <c>Patient/id</c> each, whose Patients are among the answers.</param>
    public void Join(string patient, IReadOnlyCollection<string> formerly) => (_document.JoinedTo, _document.Joined) = (patient, formerly);

    /// <summary>All answers so far as one document, its references resolved.</summary>
    public Document Document() => Reading.Document.Resolve(_document);

    private SearchPage Read(ref ElementReader reader, string source, (int Ordinal, int Subjects) position)
    {
        if (!reader.Json.Read() || reader.Json.TokenType != JsonTokenType.StartObject)
        {
            return Failed(source, "the answer is no JSON object");
        }

        var outcomes = new List<string>();
        var page = BundleReader.ReadPage(ref reader, _document, outcomes);
        if (_document.ForeignWitness is { } witness)
        {
            _document.Forget(position);
            return Failed(source, $"the answer is not FHIR R4 but {witness}");
        }

        return new(page.Type, page.Next, page.Resources, outcomes, null);
    }

    private SearchPage NoJson(JsonException e, string source, (int Ordinal, int Subjects) position)
    {
        _document.Forget(position);
        return Failed(source, $"the answer is no valid JSON: {InputReader.Reason(e)}");
    }

    private static SearchPage Failed(string source, string problem) =>
        new(null, null, 0, [], new(source, null, problem, "Nothing of this answer was used"));
}
