using System.Text;
using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Tests.Fuzzing;

namespace FhirMg.Reasoning.Tests.Reading;

/// <summary>Resources that come with a call are read by the shapes of those before as by the readers.</summary>
public sealed class SearchPageShapeTests
{
    private static readonly DateTimeOffset AsOf = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_sample_is_read_the_same_before_and_after_its_shapes_are_known() => InAThreadOfItsOwn(() =>
    {
        for (var round = 0; round < 3; round++)
        {
            foreach (var sample in Corpus.All)
            {
                AssertSame(sample);
            }
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Spoilt_samples_are_read_the_same(int seed) => InAThreadOfItsOwn(() =>
    {
        var (mutator, random) = (new Mutator(seed), new Random(seed));
        byte[][] samples = [.. Corpus.All];
        for (var i = 0; i < 4_000; i++)
        {
            var sample = samples[random.Next(samples.Length)];
            AssertSame(random.Next(3) == 0 ? sample : mutator.Spoil(sample, samples));
        }
    });

    // What is alike but for one element: each must be told from the others, in whatever order they come.
    [Theory]
    [InlineData("""{"resourceType":"AllergyIntolerance","id":"a","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"1"}],"text":"Magnesium"},"patient":{"reference":"Patient/p"}}""", "active", "inactive")]
    [InlineData("""{"resourceType":"AllergyIntolerance","id":"a","code":{"text":"Magnesium sulfate"},"patient":{"reference":"Patient/p"}}""", "Magnesium sulfate", "Penicillin")]
    [InlineData("""{"resourceType":"Encounter","id":"e","status":"in-progress","class":{"code":"EMER"},"subject":{"reference":"Patient/p"},"period":{"start":"2026-11-28T10:00:00Z"},"reasonCode":[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"G43.1"}]}]}""", "in-progress", "finished")]
    [InlineData("""{"resourceType":"Encounter","id":"e","status":"in-progress","class":{"code":"EMER"},"subject":{"reference":"Patient/p"},"period":{"start":"2026-11-28T10:00:00Z"},"reasonReference":[{"reference":"Condition/x"}]}""", "Condition/x", "Condition/y")]
    [InlineData("""{"resourceType":"Encounter","id":"e","status":"in-progress","class":{"code":"EMER"},"subject":{"reference":"Patient/p"},"period":{"start":"2026-11-28T10:00:00Z"},"reasonCode":[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"G43.1"}]}]}""", "2026-11-28T10", "2026-11-01T10")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "\"cramps\",\"answer\":[{\"valueBoolean\":true", "\"cramps\",\"answer\":[{\"valueBoolean\":false")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "false", "true")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "\"sleep\"", "\"weakness\"")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "\"sleep\"", "\"cramps\"")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "\"sleep\"", "\"unknown\"")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "false", "null")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "false", "\"false\"")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "false", "falsely")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "valueBoolean\":false", "valueString\":\"no")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":false},{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "true", "false")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":false,"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "true", "false")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"group","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}]}""", "false", "true")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"answer":[{"valueBoolean":true,"item":[{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}],"linkId":"cramps"}]}""", "false", "true")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"x","answer":[{"valueBoolean":true}]},{"linkId":"cramps","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""", "false", "true")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]}]}""", "completed", "in-progress")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]}]}""", "deficiency-manifestations", "deficiency-manifestations|1.0.0")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]}]}""", "deficiency-manifestations", "deficiencies")]
    [InlineData("""{"resourceType":"QuestionnaireResponse","id":"q","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p"},"authored":"2026-11-02T07:45:00Z","item":[{"linkId":"cramps","answer":[{"valueBoolean":true}]}]}""", "2026-11-02", "2026-13-02")]
    [InlineData("""{"resourceType":"Condition","id":"c","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"E03.9"}]},"subject":{"reference":"Patient/p"}}""", "Patient/p", "Group/p")]
    [InlineData("""{"resourceType":"Condition","id":"c","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"E03.9"}]},"subject":{"reference":"Group/p"}}""", "Group/p", "Patient/p")]
    [InlineData("""{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2823-3"}]},"subject":{"reference":"Patient/p"},"valueQuantity":{"value":4.1,"unit":"mmol/L"}}""", "4.1", "\"4.1\"")]
    [InlineData("""{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2823-3"}]},"subject":{"reference":"Patient/p"},"valueQuantity":{"value":4.1,"unit":"mmol/L"}}""", "2823-3", "19123-9")]
    public void What_differs_in_one_element_is_told_apart(string resource, string text, string other) => InAThreadOfItsOwn(() =>
    {
        var patient = """{"resourceType":"Patient","id":"p","birthDate":"1980-01-01"}""";
        string[] resources = [resource, resource.Replace(text, other, StringComparison.Ordinal), resource.Replace("\"id\":\"", "\"id\":\"another-", StringComparison.Ordinal)];
        Assert.NotEqual(resources[0], resources[1]);
        foreach (var one in resources.Concat(resources).Concat(resources.Reverse()))
        {
            AssertSame(Encoding.UTF8.GetBytes($$$"""{"resourceType":"Bundle","entry":[{"resource":{{{patient}}}},{"fullUrl":"urn:uuid:1","resource":{{{one}}}},{"resource":{{{one}}},"fullUrl":"http://s.example/x/1"}]}"""));
        }
    });

    // Where the resource of an entry only seems to stand, or stands unusually.
    [Theory]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"resource":ONE}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource" : PATIENT} , {"resource"WHITE:WHITE ONE } ]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"resource":ONE,"fullUrl":"http://s.example/x/1"}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"batch-response","entry":[{"resource":PATIENT},{"resource":{"resourceType":"Bundle","entry":[{"resource":ONE},{"resource":ONE}]}}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"resource":{"resourceType":"Basic","resource":ONE}}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"resource":{"resourceType":"Observation","id":"x","code":{"text":"x","resource":ONE}}}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"fullUrl":"not ended,"resource":ONE}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"fullUrl":"escaped\\","resource":ONE}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"fullUrl":"escaped \"resource\":ONE"}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"resource":ONE}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"resource":ONE}}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"resource":ONE "fullUrl":"x"}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"resource":ONE1}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{resource":ONE}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"resource"ONE}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},"resource":ONE]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT}],"resource":ONE}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"resource":[ONE]},{"resource":ONE}]}""")]
    [InlineData("""resource":ONE""")]
    [InlineData("""esource":ONE""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"fullUrl":"http://s.example/x/1","resource":ONE,"search":{"mode":"match"}},{"fullUrl":"","resource":ONE}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"fullUrl":"urn:uuid:1","resource":ONE,"search":{"mode":"include"}},{"fullUrl":"urn:uuid:1","id":"x","resource":ONE}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"fullUrl":"a\u0062","resource":ONE},{"fullUrl":"urn:uuid:2","resource":ONE,"fullUrl":"urn:uuid:3"}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"fullUrl":"{\"fullUrl\":\"","resource":ONE},{"fullUrl":"a","x":"b","resource":ONE}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"resource":{"resource":ONE}},{"resource":{"fullUrl":"x","resource":ONE}}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},"{"fullUrl":"x","resource":ONE},{"resource":ONE}"]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"fullUrl":"x","resource":ONE,"search":{"mode":"match"}]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"fullUrl":"x","resource":ONE},]}""")]
    [InlineData("""{"resourceType":"Bundle","entry":{"fullUrl":"x","resource":ONE}}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":PATIENT},{"fullUrl":"x","resource":{"resourceType":"Bundle","type":"history","entry":[{"fullUrl":"x","resource":ONE},{"resource":ONE}]}}]}""")]
    public void A_known_resource_is_read_wherever_it_stands_as_one_that_is_not_known(string bundle) => InAThreadOfItsOwn(() =>
    {
        const string Patient = """{"resourceType":"Patient","id":"p","birthDate":"1980-01-01"}""";
        foreach (var one in new[]
        {
            """{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2601-3"}]},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2026-11-02","valueQuantity":{"value":0.6,"unit":"mmol/L"}}""",
            """{"resourceType":"Condition","id":"c","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"G43.1"}]},"subject":{"reference":"Patient/p"}}""",
            """{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"G43.1"}]},"subject":{"reference":"Patient/p"}}""",
        })
        {
            var known = Encoding.UTF8.GetBytes($$$"""{"resourceType":"Bundle","entry":[{"resource":{{{Patient}}}},{"resource":{{{one}}}}]}""");
            AssertSame(known);
            var fitted = ResourceShapes.Of(Knowledge.BuiltIn).Fitted;
            AssertSame(known);
            Assert.Equal(fitted + 1, ResourceShapes.Of(Knowledge.BuiltIn).Fitted);
            var text = bundle.Replace("PATIENT", Patient, StringComparison.Ordinal).Replace("ONE", one, StringComparison.Ordinal).Replace("WHITE", "\n \t\r", StringComparison.Ordinal);
            AssertSame(Encoding.UTF8.GetBytes(text));
            AssertSame(Encoding.UTF8.GetBytes($" {text}"));
        }
    });

    [Fact]
    public void A_call_that_holds_shapes_seen_before_is_read_by_them() => InAThreadOfItsOwn(() =>
    {
        var sample = Corpus.Samples.Values.First(sample => sample.AsSpan().IndexOf("\"Observation\""u8) >= 0);
        AssertSame(sample);
        AssertSame(sample);
        Assert.True(ResourceShapes.Of(Knowledge.BuiltIn).Fitted > 0);
    });

    [Fact]
    public void What_was_learned_with_one_knowledge_is_not_taken_for_what_another_says() => InAThreadOfItsOwn(() =>
    {
        // The same codes mean nothing here.
        var other = Knowledge.BuiltIn with { Terminology = Knowledge.BuiltIn.Terminology.OfPrefill() };
        var differing = 0;
        foreach (var sample in Corpus.Samples.Values)
        {
            AssertSame(sample);
            AssertSame(sample, other);
            AssertSame(sample);
            differing += Facts(sample, byShape: true) == Facts(sample, byShape: true, other) ? 0 : 1;
        }

        Assert.True(differing > 0);
    });

    [Fact]
    public void An_answer_of_another_FHIR_version_leaves_nothing_also_where_shapes_were_known() => InAThreadOfItsOwn(() =>
    {
        foreach (var sample in Corpus.Samples.Values.Take(5))
        {
            AssertSame(sample);
            var bundle = Encoding.UTF8.GetString(sample);
            var foreign = bundle.LastIndexOf(']');
            var mixed = Encoding.UTF8.GetBytes(bundle.Insert(foreign, """,{"resource":{"resourceType":"Requirements","id":"r5"}}"""));
            AssertSame(mixed);
            Assert.Contains("not FHIR R4", Facts(mixed, byShape: true), StringComparison.Ordinal);
            AssertSame(sample);
        }
    });

    [Fact]
    public void A_label_that_is_no_UTF8_sets_no_allergy_aside()
    {
        var bundle = """{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"p"}},{"resource":{"resourceType":"AllergyIntolerance","id":"a","code":{"text":"Magnesium ?"},"patient":{"reference":"Patient/p"}}}]}""";
        byte[] bytes = [.. Encoding.UTF8.GetBytes(bundle)];
        bytes[bundle.IndexOf('?', StringComparison.Ordinal)] = 0xFF;
        var pages = new SearchPages(Knowledge.BuiltIn);
        pages.Add(bytes, "answer");
        var allergy = Assert.Single(Assert.Single(pages.Document().Patients).Allergies);
        Assert.True(allergy is { Malformed: false, Magnesium: true });
    }

    // Shapes are kept by threads: another test's must not be found here.
    private static void InAThreadOfItsOwn(Action act)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                act();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new Xunit.Sdk.XunitException(failure.ToString());
        }
    }

    private static void AssertSame(byte[] bundle, Knowledge? knowledge = null)
    {
        var (expected, read) = (Facts(bundle, byShape: false, knowledge), Facts(bundle, byShape: true, knowledge));
        Assert.True(expected == read, $"{Encoding.UTF8.GetString(bundle)}\n{expected}\n{read}");
    }

    private static string Facts(byte[] bundle, bool byShape, Knowledge? knowledge = null)
    {
        knowledge ??= Knowledge.BuiltIn;
        var pages = new SearchPages(knowledge);
        var page = byShape ? ByShape(pages, bundle, knowledge) : pages.Add(bundle, "answer");
        if (page is null)
        {
            return "no JSON";
        }

        var document = pages.Document();
        var facts = document.Patients.Select(record => new
        {
            record.Name, record.IsInDocument,
            Facts = new object[]
            {
                record.Observations.Select(fact => fact.ToString()), record.Conditions.Select(fact => fact.ToString()), record.Medicines.Select(fact => fact.ToString()),
                record.Allergies.Select(fact => fact.ToString()), record.Manifestations.Select(fact => fact.ToString()),
                record.Encounters.Select(fact => fact with { ReasonReferences = [] }).Select((fact, i) => $"{fact with { ReasonReferences = null! }} {string.Join(' ', record.Encounters[i].ReasonReferences)}"),
            },
            Conclusion = Evaluator.Evaluate(Extractor.Extract(record, knowledge, AsOf), knowledge).Fired.ToString(),
        });
        var fault = page.Fault is { } found && found.Problem.StartsWith("the answer is no valid JSON", StringComparison.Ordinal) ? "no JSON" : page.Fault?.Problem;
        return fault == "no JSON" ? fault : JsonSerializer.Serialize(new { page.Type, page.Next, page.Resources, fault, document.MissingMedications, facts });
    }

    private static SearchPage? ByShape(SearchPages pages, byte[] bundle, Knowledge knowledge)
    {
        var index = JsonIndex.WithEnds(bundle, KnownResources.In(bundle, knowledge));
        try
        {
            var cursor = new JsonCursor(bundle, index);
            cursor.Read();
            var mark = cursor.Mark();
            cursor.Skip();
            cursor.Read();
            return pages.Add(cursor.At(mark), index.Known, "answer");
        }
        catch (JsonException)
        {
            return null;
        }
        finally
        {
            index.Return();
        }
    }
}
