using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    private static JsonNode? Get(JsonNode? node, string name) =>
        node is JsonObject o && o.TryGetPropertyValue(name, out var value) ? value : null;

    private static string? Text(JsonNode? node) =>
        node is not null && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static string? Text(JsonNode? node, string name) => Text(Get(node, name));

    private static bool IsTrue(JsonNode? node) => node is not null && node.GetValueKind() == JsonValueKind.True;

    private static bool IsBool(JsonNode? node) =>
        node is not null && node.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    private static IEnumerable<JsonNode> Items(JsonNode? node, string name) =>
        Get(node, name) is JsonArray list ? list.OfType<JsonNode>() : [];

    private static decimal? Number(JsonNode? node)
    {
        if (node is null || node.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        var text = node.ToJsonString();
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        // Beyond System.Decimal: any such number is far outside every plausible range.
        return text.StartsWith('-') ? -1e28m : 1e28m;
    }

    // Shapes: an element that the rules read must have FHIR's JSON type.
    private delegate bool Shape(JsonNode node);

    private static readonly Shape Str = n => n.GetValueKind() == JsonValueKind.String;
    private static readonly Shape Num = n => n.GetValueKind() == JsonValueKind.Number;
    private static readonly Shape Bool = IsBool;

    private static Shape List(Shape item) => n => n is JsonArray a && a.All(x => x is null || item(x));

    private static Shape Obj(params (string Name, Shape Shape)[] elements) => n =>
        n is JsonObject o && elements.All(e => Get(o, e.Name) is not { } child || e.Shape(child));

    private static readonly Shape Any = _ => true;
    private static readonly Shape CodingShape = Obj(("system", Str), ("code", Str), ("display", Str));
    private static readonly Shape ConceptShape = Obj(("coding", List(CodingShape)), ("text", Str));
    private static readonly Shape QuantityShape =
        Obj(("value", Num), ("comparator", Str), ("unit", Str), ("system", Str), ("code", Str));

    private static readonly Shape RangeShape = Obj(("low", QuantityShape), ("high", QuantityShape));
    private static readonly Shape ReferenceShape = Obj(("reference", Str));
    private static readonly Shape PeriodShape = Obj(("start", Str), ("end", Str));

    private static readonly (string, Shape)[] MeasuredElements =
    [
        ("code", ConceptShape), ("valueQuantity", QuantityShape), ("valueRange", RangeShape), ("valueString", Str),
        ("valueBoolean", Bool), ("valueCodeableConcept", ConceptShape), ("dataAbsentReason", ConceptShape),
        ("interpretation", List(ConceptShape)), ("referenceRange", List(RangeShape)),
    ];

    private static readonly Shape MeasuredShape = Obj(MeasuredElements);

    private static readonly Shape ObservationHeadShape = Obj(
        ("id", Str), ("status", Str), ("subject", ReferenceShape), ("effectiveDateTime", Str), ("effectiveInstant", Str),
        ("effectivePeriod", PeriodShape), ("issued", Str), ("component", List(Obj())));

    private static readonly Shape PatientShape =
        Obj(("id", Str), ("birthDate", Str), ("deceasedBoolean", Bool), ("deceasedDateTime", Str));

    private static readonly Shape ConditionShape = Obj(
        ("id", Str), ("subject", ReferenceShape), ("code", ConceptShape), ("clinicalStatus", ConceptShape),
        ("verificationStatus", ConceptShape), ("onsetDateTime", Str), ("onsetPeriod", PeriodShape));

    private static readonly Shape EncounterShape = Obj(
        ("id", Str), ("subject", ReferenceShape), ("status", Str), ("class", CodingShape), ("period", PeriodShape),
        ("reasonCode", List(ConceptShape)), ("reasonReference", List(ReferenceShape)),
        ("diagnosis", List(Obj(("condition", ReferenceShape)))));

    private static readonly Shape AllergyShape = Obj(
        ("id", Str), ("patient", ReferenceShape), ("code", ConceptShape), ("clinicalStatus", ConceptShape),
        ("verificationStatus", ConceptShape), ("reaction", List(Obj(("substance", ConceptShape)))));

    private static readonly Shape RouteShape = Obj(("route", ConceptShape));

    private static readonly Shape MedicineShape = Obj(
        ("id", Str), ("subject", ReferenceShape), ("status", Str), ("intent", Str), ("doNotPerform", Bool),
        ("medicationCodeableConcept", ConceptShape), ("medicationReference", ReferenceShape), ("authoredOn", Str),
        ("effectiveDateTime", Str), ("effectivePeriod", PeriodShape), ("dosageInstruction", List(RouteShape)),
        ("contained", List(Any)));

    private static readonly Shape MedicationShape = Obj(
        ("id", Str), ("code", ConceptShape), ("form", ConceptShape),
        ("ingredient", List(Obj(("itemCodeableConcept", ConceptShape)))));

    private static bool ItemsShape(JsonNode node) => List(ItemShape)(node);

    private static bool ItemShape(JsonNode node) => Obj(
        ("linkId", Str), ("item", ItemsShape),
        ("answer", List(Obj(("valueBoolean", Bool), ("item", ItemsShape)))))(node);

    private static readonly Shape AnswersShape = Obj(
        ("id", Str), ("subject", ReferenceShape), ("status", Str), ("authored", Str), ("questionnaire", Str),
        ("item", ItemsShape));
}
