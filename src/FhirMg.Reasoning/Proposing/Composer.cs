using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using Hl7.Fhir.Model;
using Evidence = FhirMg.Reasoning.Evaluation.Evidence;
using Hl7.Fhir.Serialization;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Proposing;

/// <summary>What all the resources of one assessment share: whom they are about, how they are marked and worded.</summary>
internal sealed class Composer(Assessment assessment, Language language)
{
    // A population asks for the same few definitions again and again, and copying one costs less than parsing it.
    private static readonly ConditionalWeakTable<Activity, ActivityDefinition> InEnglish = [], InRussian = [];

    // As the FHIR library writes a time.
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";
    private const string Translation = "http://hl7.org/fhir/StructureDefinition/translation";

    public Assessment Assessment => assessment;

    public Knowledge Knowledge => assessment.Knowledge;

    public FhirDateTime When => field ??= new(assessment.Features.AsOf);

    /// <summary>The same as a JSON string.</summary>
    public byte[] WhenJson => field ??= JsonText.Of(assessment.Features.AsOf.ToString(InstantFormat, CultureInfo.InvariantCulture));

    /// <summary>What the patient is referred to by, as a JSON string.</summary>
    public byte[] PatientJson => field ??= JsonText.Of(assessment.Features.Patient);

    /// <summary>References as JSON.</summary>
    public ReferenceJson References => field ??= new();

    public ResourceReference Patient() => new(assessment.Features.Patient);

    public string Url(string path) => $"{Knowledge.CanonicalBase}/{path}";

    /// <summary>Profile and tag of everything that we write.</summary>
    public Meta Meta(string profile) => new()
    {
        Profile = [Url($"StructureDefinition/{profile}")],
        Tag = [new(Url("CodeSystem/fhirmg"), "generated")],
    };

    public Identifier AssessmentIdentifier(string digest) => new(Url("identifier/assessment"), digest);

    public Identifier ProposalIdentifier(string digest) => new(Url("identifier/proposal"), digest);

    public Extension RuleExtension(Rule rule) => new(Url("StructureDefinition/rule"), new Code(rule.Id()));

    /// <summary>The class that a request was written under, so that it can be told later whether it has worsened: for programs; in words the assessment says it.</summary>
    public Extension ClassExtension() => new(Url("StructureDefinition/deficiency-status"), new CodeableConcept(Url("CodeSystem/fhirmg"), Assessment.Deficiency.Word()));

    /// <summary>A code of our own with its words; the other language stands with the text alone.</summary>
    public CodeableConcept Term(string code) => new()
    {
        Coding = [new Coding(Url("CodeSystem/fhirmg"), code, Knowledge.Terms[code][language])],
        TextElement = Say(Knowledge.Terms[code]),
    };

    /// <summary>A text in the output's language, with the other language in the standard extension.</summary>
    public FhirString Say(Text text) => Translated(new FhirString(text[language]), text);

    /// <summary>The same as Markdown.</summary>
    public Markdown Markdown(Text text) => Translated(new Markdown(text[language]), text);

    /// <summary>The same as a note.</summary>
    public Annotation Note(Text text) => new() { TextElement = Markdown(text) };

    /// <summary>A text of several, one after the other.</summary>
    public static Text Join(IEnumerable<Text> texts, string separator) =>
        texts.ToList() is var list ? new(string.Join(separator, list.Select(text => text.En)), string.Join(separator, list.Select(text => text.Ru))) : null!;

    /// <summary>A reference to a resource of the input, by its name.</summary>
    public static ResourceReference Reference(Evidence evidence) =>
        new() { Reference = Words(evidence).Target, Display = Words(evidence).Display };

    /// <summary>The same as texts: the target is null where it cannot be referred to, the display where there is nothing to say.</summary>
    public static (string? Target, string? Display) Words(Evidence evidence)
    {
        var display = evidence.Words is null ? null : evidence.When is null ? evidence.Words : $"{evidence.Words} ({evidence.When})";
        return CanBeReferredTo(evidence.Resource) ? (evidence.Resource, display) : (null, $"{evidence.Resource} {display}".TrimEnd());
    }

    /// <summary>Whether a resource can be referred to from elsewhere: one without an id, named by its place or a urn of its own bundle, cannot.</summary>
    public static bool CanBeReferredTo(string name) =>
        !name.Contains('#', StringComparison.Ordinal) && !name.StartsWith("urn:", StringComparison.OrdinalIgnoreCase);

    /// <summary>An activity's definition as a resource, its texts in the output's language.</summary>
    public ActivityDefinition Define(Activity activity) =>
        (ActivityDefinition)(language == Language.Russian ? InRussian : InEnglish).GetValue(activity, Parse).DeepCopy();

    private ActivityDefinition Parse(Activity activity)
    {
        var definition = (ActivityDefinition)new FhirJsonDeserializer().DeserializeResource(activity.Json.GetRawText());
        Localize(definition);
        return definition;
    }

    private void Localize(Base element)
    {
        if (language == Language.Russian && element is FhirString text && text.GetExtension(Translation) is { } translation)
        {
            text.Extension.Remove(translation);
            text.Extension.Add(TranslationTo(Language.English, text.Value ?? ""));
            text.Value = translation.GetStringExtension("content");
        }

        foreach (var (_, child) in element.EnumerateElements())
        {
            foreach (var part in (child as IEnumerable<Base> ?? (child is Base single ? [single] : [])).Where(part => part is not Extension))
            {
                Localize(part);
            }
        }

        if (element is CodeableConcept concept)
        {
            SayOnce(concept);
        }
    }

    // What people read of a concept is its text; beside it a translation of what the code is called says nothing new.
    private static void SayOnce(CodeableConcept concept)
    {
        foreach (var coding in concept.Text is null ? [] : concept.Coding)
        {
            coding.DisplayElement?.RemoveExtension(Translation);
        }
    }

    private T Translated<T>(T primary, Text text) where T : DataType
    {
        var other = language == Language.Russian ? Language.English : Language.Russian;
        primary.Extension.Add(TranslationTo(other, text[other]));
        return primary;
    }

    private static Extension TranslationTo(Language language, string content) => new()
    {
        Url = Translation,
        Extension = [new("lang", new Code(language == Language.Russian ? "ru" : "en")), new("content", new FhirString(content))],
    };
}
