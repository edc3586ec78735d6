using System.Net;
using System.Web;
using FhirMg.Service.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace FhirMg.Service.Tests.Launch;

/// <summary>A browser without eyes: keeps cookies as Chromium does (loopback counts as secure), follows redirects when told to.</summary>
internal sealed class Browser : IDisposable
{
    /// <summary>Where a request really goes, as a balancer does.</summary>
    public Func<Uri, Uri> Route { get; set; } = url => url;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly Dictionary<(string Host, string Path, string Name), string> _cookies = [];

    /// <summary>Every address that was gone to.</summary>
    public List<Uri> Visited { get; } = [];

    /// <summary>Every <c>Set-Cookie</c> that came.</summary>
    public List<SetCookieHeaderValue> Given { get; } = [];

    /// <summary>What the browser asks for by <c>Accept-Language</c>; null for nothing.</summary>
    public string? Language { get; set; }

    public static Dictionary<string, string> Query(Uri url)
    {
        var query = HttpUtility.ParseQueryString(url.Query);
        return query.AllKeys.ToDictionary(name => name!, name => query[name]!, StringComparer.Ordinal);
    }

    /// <summary>Sets a cookie, as somebody could who has a hold on a neighbouring site.</summary>
    public void Plant(Uri url, string path, string name, string value) => _cookies[(url.Authority, path, name)] = value;

    public void ForgetCookies() => _cookies.Clear();

    public async Task<HttpResponseMessage> GetAsync(Uri url) => await SendAsync(new(HttpMethod.Get, url));

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            Visited.Add(request.RequestUri!);
            if (CookiesFor(request.RequestUri!) is { Length: > 0 } cookies)
            {
                request.Headers.TryAddWithoutValidation("Cookie", cookies);
            }

            if (Language is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept-Language", Language);
            }

            var url = request.RequestUri!;
            request.RequestUri = Route(url);
            var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            Take(url, response);
            return response;
        }
    }

    /// <summary>Goes on by redirects until an address below <paramref name="end"/>, which is not visited, or a page.</summary>
    /// <returns>The address, and the page where it ended at one.</returns>
    public async Task<(Uri Url, HttpResponseMessage? Page)> FollowAsync(Uri url, string end)
    {
        for (var i = 0; i < 10; i++)
        {
            if (i > 0 && url.AbsolutePath.StartsWith(end, StringComparison.Ordinal))
            {
                return (url, null);
            }

            var response = await GetAsync(url);
            if (response.StatusCode != HttpStatusCode.Redirect)
            {
                return (url, response);
            }

            url = new(url, response.Headers.Location!);
            response.Dispose();
        }

        throw new InvalidOperationException("a loop of redirects");
    }

    public string CookiesFor(Uri url) => string.Join("; ", _cookies
        .Where(pair => pair.Key.Host == url.Authority && (url.AbsolutePath == pair.Key.Path || url.AbsolutePath.StartsWith($"{pair.Key.Path.TrimEnd('/')}/", StringComparison.Ordinal)))
        .OrderByDescending(pair => pair.Key.Path.Length).Select(pair => $"{pair.Key.Name}={pair.Value}"));

    /// <summary>The session as the page's code finds it for this browser; null when it finds none.</summary>
    public async Task<AppSession?> SessionAsync(RunningService service, string handle, Uri? seenAt = null)
    {
        var context = ContextOf(service, handle, seenAt);
        return await service.Services.GetRequiredService<AppSessions>().FindAsync(context, handle, TestContext.Current.CancellationToken);
    }

    public DefaultHttpContext ContextOf(RunningService service, string handle, Uri? seenAt = null)
    {
        var context = new DefaultHttpContext { RequestServices = service.Services };
        context.Request.Headers.Cookie = CookiesFor(new(seenAt ?? service.Url, LaunchPaths.App(handle)));
        return context;
    }

    public void Dispose() => _http.Dispose();

    private void Take(Uri url, HttpResponseMessage response)
    {
        foreach (var text in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            var cookie = SetCookieHeaderValue.Parse(text);
            Given.Add(cookie);
            var key = (url.Authority, cookie.Path.Value ?? "/", cookie.Name.Value!);
            if (cookie.MaxAge <= TimeSpan.Zero)
            {
                _cookies.Remove(key);
            }
            else if (!cookie.Secure || url.Scheme == Uri.UriSchemeHttps || url.IsLoopback)
            {
                _cookies[key] = cookie.Value.Value!;
            }
        }
    }
}
