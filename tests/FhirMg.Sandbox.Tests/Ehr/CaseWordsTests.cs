using FhirMg.Sandbox.Ehr;
using FhirMg.Sandbox.Loading;

namespace FhirMg.Sandbox.Tests.Ehr;

public sealed class CaseWordsTests
{
    [Fact]
    public void Every_case_that_comes_with_the_program_says_in_both_languages_what_it_shows()
    {
        var cases = SampleFiles.Read(null).Select(one => one.Name).Distinct().Order().ToList();
        Assert.Equal(cases, CaseWords.Names.Order());
        Assert.All(cases, name =>
        {
            Assert.DoesNotContain(CaseWords.Of(name, "en"), letter => letter is >= 'А' and <= 'я');
            Assert.Contains(CaseWords.Of(name, "ru"), letter => letter is >= 'А' and <= 'я');
        });
    }

    [Fact]
    public void The_pages_have_the_same_texts_in_both_languages()
    {
        Assert.Equal(Texts.In("en").Names.Order(), Texts.In("ru").Names.Order());
        Assert.All(Texts.In("ru").Names, name => Assert.NotEqual("", Texts.In("ru")[name].Trim()));
    }
}
