using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FhirMg.Benchmarks.Hooks;

/// <summary>A server under load: a process of its own, so that its processor time and memory are its alone.</summary>
internal sealed class ServedProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private ServedProcess(Process process, string name, int port, string path) => (_process, Name, Port, Path) = (process, name, port, path);

    public string Name { get; }

    public int Port { get; }

    /// <summary>Where calls go.</summary>
    public string Path { get; }

    /// <summary>Its processor time so far, user and system.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Its resident memory in megabytes.</summary>
    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="name">Its name in the table.</param>
    /// <param name="path">The path that calls go to.</param>
    /// <param name="arguments">Arguments of <c>dotnet</c>, given the port.</param>
    /// <param name="environment">Environment variables.</param>
    public static async Task<ServedProcess> StartAsync(string name, string path, Func<int, IEnumerable<string>> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", arguments(port)) { RedirectStandardOutput = true };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Console.Error.WriteLine($"{name}: {line.Data}");
        process.BeginOutputReadLine();
        var served = new ServedProcess(process, name, port, path);
        using var http = new HttpClient();
        var watch = Stopwatch.StartNew();
        while (!await AnswersAsync(http, port))
        {
            if (process.HasExited || watch.Elapsed > Patience)
            {
                await served.DisposeAsync();
                throw new InvalidOperationException($"{name} does not start");
            }

            await Task.Delay(50);
        }

        return served;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient http, int port)
    {
        try
        {
            using var response = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/cds-services"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
