using System.Globalization;
using System.Net;
using FhirMg.Fhir.Http;

namespace FhirMg.Fhir.Tests.Http;

/// <summary>How long to wait is read from every form that servers use, and is never longer than the cap.</summary>
public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("3", 3)]
    [InlineData("0", 0)]
    [InlineData(" 7 ", 7)]
    [InlineData("86400", 30)]
    [InlineData("315360000", 30)]
    [InlineData("Mon, 23 Nov 2026 12:00:05 GMT", 5)]
    [InlineData("Monday, 23-Nov-26 12:00:05 GMT", 5)]
    [InlineData("2026-11-23T12:00:09Z", 9)]
    [InlineData("Mon, 23 Nov 2026 11:00:00 GMT", 0)]
    [InlineData("Fri, 23 Nov 2029 11:00:00 GMT", 30)]
    [InlineData("1795435204", 4)]
    [InlineData("1795435204000", 4)]
    [InlineData("1795435100", 0)]
    [InlineData("9999999999999999", 30)]
    [InlineData("99999999999999999999999", 30)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData("2.0", 2)]
    [InlineData("1/5", null)]
    [InlineData("12:00", null)]
    [InlineData("Mon Nov 23 12:00:05 2026", 5)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("", null)]
    public void Every_form_of_Retry_After_is_read_and_capped(string text, int? seconds) =>
        Assert.Equal(seconds, Wait("Retry-After", text)?.TotalSeconds);

    [Theory]
    [InlineData("250", 250.0)]
    [InlineData("12.5", 12.5)]
    [InlineData("999999999", 30_000.0)]
    [InlineData("soon", null)]
    [InlineData("NaN", null)]
    public void Milliseconds_as_Azure_sends_them_are_read_and_capped(string text, double? milliseconds) =>
        Assert.Equal(milliseconds, Wait("x-ms-retry-after-ms", text)?.TotalMilliseconds);

    [Fact]
    public void Milliseconds_go_before_seconds()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("Retry-After", "1");
        response.Headers.TryAddWithoutValidation("x-ms-retry-after-ms", "40");
        Assert.Equal(40, RetryAfter.Of(response, Now)!.Value.TotalMilliseconds);
    }

    [Fact]
    public void Without_a_word_there_is_no_wait_of_the_servers()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        Assert.Null(RetryAfter.Of(response, Now));
    }

    [Fact]
    public void The_epoch_of_the_cases_is_that_of_the_clock() => Assert.Equal("1795435200", Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    private static TimeSpan? Wait(string name, string text)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation(name, text);
        return RetryAfter.Of(response, Now);
    }
}
