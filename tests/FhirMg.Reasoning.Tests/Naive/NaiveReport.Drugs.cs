using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    private sealed record DrugClass(string Name, string[] Atc, string[] RxNorm, string[] Stems);

    private static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private const string ValproateStems = "valpro divalpro вальпро";

    private const string AcidBlockerStems =
        "omepraz esomepraz pantopraz lansopraz dexlansopraz rabepraz "
        + "омепраз эзомепраз пантопраз лансопраз декслансопраз рабепраз";

    private const string SulfateRxNorm = "6585";

    // Magnesium is named by its own rule below, so it has no stems here.
    private static readonly DrugClass[] DrugClasses =
    [
        new("oral", Split("A12CC A06AD02 A06AD04 A06AD19 A02AA02 A02AA04 A11JB"),
            Split("6574 52356 6582 214688 142131 52358 6579 6581"), []),
        new("injection", ["B05XA05"], [], []),
        new("pyridoxine", ["A11HA02"], ["684879"], Split("pyridox пиридокс")),
        new("valproate", ["N03AG01"], ["40254"], Split(ValproateStems)),
        new("preventive", Split("N03AG01 N03AX11 C07AA05 C07AB02 N06AA09 C09CA06 N02CD"),
            Split("40254 38404 8787 704 214354"),
            Split(ValproateStems + " topiram топирам propranol пропранол metoprol метопрол amitript амитрипт candesart кандесарт")),
        new("partner", ["J01AA"], Split("3640 10395 6980"),
            Split("doxycycl minocycl tetracycl доксицикл миноцикл тетрацикл")),
        new("partner", ["J01MA"], Split("2551 82122 139462 7517 7623"),
            Split("ciproflox levoflox moxiflox norflox oflox ципрофлокс левофлокс моксифлокс норфлокс офлокс")),
        new("partner", Split("M05BA M05BB"), Split("46041 73056"), Split("alendr risedr ibandr алендр ризедр ибандр")),
        new("partner", Split("H03AA01 M01CC01 L04AA06 C01AA05"), Split("10582 7975 265323 68149 3407"),
            Split("levothyrox левотирокс penicillam пеницилламин mycophen микофен digoxin дигоксин")),
        new("partner", Split("B03AA B03AB B03AD B03AE"), Split("24947 24941 24942"), Split("ferrous железа железо")),
        new("lowering",
            Split("A02BC C03AA C03BA C03CA J01GB L01XA01 J02AA01 L04AD01 L04AD02 L01FE01 L01FE02 P01CX01"),
            Split("7646 283742 40790 17128 114979 4603 38413 1808 5487 2409 5764 1596450 10627 641 2555 732 3008 42316 "
                + "318341 263034 7994"),
            Split(AcidBlockerStems + " furosem фуросем torsem torasem торасем bumetan hydrochlorothiaz гидрохлоротиаз "
                + "chlorthal chlortal хлорталид indapam индапам gentami гентами tobramy тобрами amikac амикац cisplat "
                + "цисплат amphoter амфотер cyclospor ciclospor циклоспор tacrolim такролим cetuxim цетуксим panitum "
                + "панитум pentamid")),
    ];

    private static List<string> Letters(string text)
    {
        var words = new List<string>();
        var word = "";
        foreach (var c in text + " ")
        {
            if (char.IsLetter(c))
            {
                word += c;
            }
            else if (word.Length > 0)
            {
                words.Add(word);
                word = "";
            }
        }

        return words;
    }

    private static bool Begins(string word, IEnumerable<string> stems) =>
        stems.Any(s => word.StartsWith(s, StringComparison.OrdinalIgnoreCase));

    private static bool NamesMagnesium(string text)
    {
        var words = Letters(text);
        return words.Any(w => Begins(w, Split("magne магни магне")) && !Begins(w, Split("magnev magnet магнев магнит")))
            && !words.Any(w => Begins(w, Split(AcidBlockerStems)));
    }

    private static bool NamesInjection(string text) =>
        Letters(text).Any(w => Begins(w, Split("inject intraven infus инъекц инфуз внутривен")));

    private static HashSet<string> ClassesByCode(IEnumerable<JsonNode> concepts, bool injectable, bool placeKnown)
    {
        var classes = new HashSet<string>();
        foreach (var coding in concepts.SelectMany(c => Codings(c)))
        {
            foreach (var drug in DrugClasses)
            {
                if ((coding.System == Atc && drug.Atc.Any(a => coding.Code.StartsWith(a, StringComparison.Ordinal)))
                    || (coding.System == RxNorm && drug.RxNorm.Contains(coding.Code)))
                {
                    classes.Add(drug.Name);
                }
            }

            if (coding.System == RxNorm && coding.Code == SulfateRxNorm)
            {
                if (injectable || !placeKnown)
                {
                    classes.Add("injection");
                }

                if (!injectable)
                {
                    classes.Add("oral");
                }
            }
        }

        return classes;
    }

    private static HashSet<string> ClassesByName(IEnumerable<JsonNode> concepts, bool injectable)
    {
        var classes = new HashSet<string>();
        foreach (var text in concepts.SelectMany(c => Words(c)))
        {
            foreach (var drug in DrugClasses.Where(d => Letters(text).Any(w => Begins(w, d.Stems))))
            {
                classes.Add(drug.Name);
            }

            if (NamesMagnesium(text))
            {
                classes.Add(injectable || NamesInjection(text) ? "injection" : "oral");
            }
        }

        return classes;
    }
}
