using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Service.Sessions;

namespace FhirMg.Service.App;

/// <summary>The questionnaire on manifestations, sent (SYM-1).</summary>
internal static class AnswersForm
{
    /// <summary>Name of the field with the name of this giving of answers.</summary>
    public const string Name = "answers-name";

    private const string Yes = "yes";
    private const string No = "no";
    private const int NameLength = 32;

    /// <summary>The name of a question's field.</summary>
    public static string Field(string linkId) => $"answer-{linkId}";

    /// <summary>Saves the answers at the server, in the name of the person, and counts them at once; what cannot be saved is counted in this session alone.</summary>
    public static async Task<IResult> SaveAsync(HttpContext context, AppVisit visit, IFormCollection form)
    {
        var knowledge = visit.Tenant.Knowledge;
        var answers = knowledge.Manifestations.Select(question => (question.LinkId, Answer: form[Field(question.LinkId)].ToString()))
            .Where(given => given.Answer is Yes or No).ToDictionary(given => given.LinkId, given => given.Answer == Yes, StringComparer.Ordinal);
        var kept = visit.Draft with { Answers = answers };
        if (answers.Count < knowledge.Manifestations.Count)
        {
            return await AppEndpoints.BackAsync(context, visit, kept with { Notice = new("page-answers-incomplete", true, $"{knowledge.Manifestations.Count - answers.Count}") });
        }

        if (visit.Session.Patient is not { } patient || form[Name].ToString() is not { Length: NameLength } name || !name.All(char.IsAsciiHexDigitLower))
        {
            return await AppEndpoints.BackAsync(context, visit, kept with { Notice = new("page-form-foreign-about", true) });
        }

        var answered = new AnsweredQuestions(answers, name, context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), visit.Session.User,
            visit.Session.Encounter is { } encounter ? $"Encounter/{encounter}" : null);
        var resource = answered.Resource(knowledge, $"Patient/{patient}", visit.Language);
        try
        {
            var reader = context.RequestServices.GetRequiredService<AppReader>();
            var result = await reader.WithTokenAsync(visit, server => Answering.WriteAsync(server, knowledge, answered, resource, context.RequestAborted), context.RequestAborted);
            AppEndpoints.Record(context, visit, "app answers", result.Outcome == DecisionOutcome.Written ? StatusCodes.Status201Created : StatusCodes.Status422UnprocessableEntity);
            var done = visit.Draft with { Answers = new Dictionary<string, bool>(), Answered = AppReader.Counted(resource, result.Reference) };
            return await AppEndpoints.BackAsync(context, visit, result.Outcome switch
            {
                DecisionOutcome.Written => done with { Notice = new("page-answers-saved", false, result.Reference ?? "QuestionnaireResponse") },
                DecisionOutcome.Refused => done with { Notice = new("page-answers-not-saved", true, result.Problem ?? "") },
                _ => kept with { Notice = new("page-unknown", true, result.Problem ?? "") },
            });
        }
        catch (ReauthorizationException)
        {
            return await AppEndpoints.SignInAgainAsync(context, visit, kept);
        }
        catch (FhirServerException e)
        {
            return await AppEndpoints.BackAsync(context, visit, kept with { Notice = new("page-unknown", true, e.Message) });
        }
    }
}
