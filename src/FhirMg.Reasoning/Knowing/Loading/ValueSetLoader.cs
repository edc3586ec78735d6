using System.Text.Json;

namespace FhirMg.Reasoning.Knowing.Loading;

/// <summary>Reads value sets into the code indexes: which codes mean what, and which stems of names.</summary>
internal sealed class ValueSetLoader(string canonicalBase, Terminology terminology)
{
    private readonly HashSet<string> _missing = [.. Terminology.Names];

    /// <summary>Titles of the value sets, by name.</summary>
    public Dictionary<string, Text> Titles { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads one ValueSet; one that no rule asks for is only listed.</summary>
    public void Load(Node set)
    {
        var name = set["id"].String;
        if (set["url"].String != $"{canonicalBase}/ValueSet/{name}")
        {
            throw set["url"].Refuse($"is not {canonicalBase}/ValueSet/{name}");
        }

        Titles[name] = set.Text("title");
        if (Terminology.Find(name) is not var (domain, bits))
        {
            return;
        }

        _missing.Remove(name);
        var codes = terminology[domain];
        terminology.Listed[name] = [];
        foreach (var (part, excluded) in set["compose"].Each("include").Select(part => (part, false))
            .Concat(set["compose"].Each("exclude").Select(part => (part, true))))
        {
            Add(codes, part, bits, excluded, terminology.Listed[name]);
        }

        if (domain == Terminology.Domain.Medicines)
        {
            AddStems(set, (MedicineSets)bits);
        }
    }

    /// <summary>Reads the conditions that suggest an answer to a question.</summary>
    public void LoadPrefill(Node set, uint question)
    {
        foreach (var part in set["compose"].Each("include"))
        {
            Add(terminology.Prefill, part, question, excluded: false, []);
        }
    }

    /// <summary>Reads the other uris of a code system.</summary>
    public void LoadAliases(Node namingSystem)
    {
        var ids = namingSystem.Each("uniqueId").ToList();
        var preferred = ids.Find(id => id.Has("preferred") && id["preferred"].Json.ValueKind == JsonValueKind.True);
        if (preferred.File is null)
        {
            throw namingSystem.Refuse("no uniqueId is preferred");
        }

        var system = preferred["value"].String;
        foreach (var id in ids.Where(id => id != preferred))
        {
            terminology.Alias(id["value"].String, system);
        }
    }

    /// <summary>Refuses when a value set that a rule asks for was not among the files.</summary>
    public void RequireAll()
    {
        if (_missing.Order(StringComparer.Ordinal).FirstOrDefault() is { } name)
        {
            throw KnowledgeException.At($"ValueSet-{name}.json", "ValueSet", $"no file defines the value set '{name}'");
        }
    }

    private static void Add(CodeIndex codes, Node part, uint bits, bool excluded, List<CodeOf> listed)
    {
        var system = part["system"].String;
        var hierarchical = CodeSystems.Kind(system).IsHierarchical();
        var any = false;
        foreach (var filter in part.Each("filter"))
        {
            if (any || !hierarchical || filter["property"].String != "concept" || filter["op"].String != "is-a")
            {
                throw filter.Refuse("only one filter 'concept is-a' per include is understood, in ICD-10, ICD-10-CM and ATC");
            }

            codes.Add(system, filter["value"].String, bits, excluded);
            List(filter["value"].String);
            any = true;
        }

        foreach (var concept in part.Each("concept"))
        {
            if (hierarchical)
            {
                throw concept.Refuse("codes of ICD-10, ICD-10-CM and ATC stand for all below them: write a filter 'concept is-a'");
            }

            codes.Add(system, concept["code"].String, bits, excluded);
            List(concept["code"].String);
            any = true;
        }

        if (!any)
        {
            throw part.Refuse("names neither a concept nor a filter");
        }

        void List(string code)
        {
            if (!excluded)
            {
                listed.Add(new(system, code));
            }
        }
    }

    private void AddStems(Node set, MedicineSets sets)
    {
        var magnesium = sets == MedicineSets.MagnesiumOral;
        foreach (var (suffix, role) in new[]
        {
            ("", magnesium ? StemRole.Magnesium : StemRole.None), ("-except", StemRole.Except), ("-salt", StemRole.Salt), ("-injection", StemRole.Injection),
        })
        {
            foreach (var stem in set.Extensions($"{canonicalBase}/StructureDefinition/name-stem{suffix}"))
            {
                // A magnesium name is placed by the whole text, so the stem itself carries only its role.
                terminology.Stems.Add(stem["valueString"].String, suffix.Length == 0 && !magnesium ? sets : MedicineSets.None, role);
            }
        }

        foreach (var range in set.Extensions($"{canonicalBase}/StructureDefinition/separate-by"))
        {
            var hours = range["valueRange"];
            terminology.SeparateBy[sets] = (hours["low"]["value"].Decimal, hours["high"]["value"].Decimal);
        }

        if ((sets & MedicineSets.AbsorptionPartners) != 0 && !terminology.SeparateBy.ContainsKey(sets))
        {
            throw set.Refuse("an absorption partner needs the extension separate-by");
        }
    }
}
