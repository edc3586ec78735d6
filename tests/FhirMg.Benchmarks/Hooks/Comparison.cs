namespace FhirMg.Benchmarks.Hooks;

/// <summary>Both under the same load: the medians of each, and the median of the quotients of neighbouring runs.</summary>
/// <param name="Service">The service.</param>
/// <param name="Bare">The bare endpoint.</param>
/// <param name="Share">The service's calls a second by the bare endpoint's.</param>
internal sealed record Pair(Load Service, Load Bare, double Share);

/// <summary>Loads the service and the bare endpoint in turn, so that a busy machine slows both.</summary>
internal sealed class Comparison(ServedProcess service, ServedProcess bare, byte[] body, SignedTokens tokens, string audience)
{
    private static readonly TimeSpan BetweenReadings = TimeSpan.FromMinutes(1);

    /// <summary>Calls without tokens, by <c>wrk</c>.</summary>
    public async Task<Pair> UnsignedAsync(string script, HookOptions options)
    {
        foreach (var server in (ServedProcess[])[bare, service])
        {
            await WrkRun.RunAsync(server, script, options.WarmUp);
        }

        return await InTurnAsync(options.Runs, "no token", () => bare, server => WrkRun.RunAsync(server, script, options.Seconds));
    }

    /// <summary>Calls with tokens, as fast as they are answered.</summary>
    public Task<Pair> SignedAsync(HookOptions options) => WithTokensAsync(null, options.Calls, options.Runs, "tokens");

    /// <summary>Calls with tokens at a rate.</summary>
    public Task<Pair> PacedAsync(double perSecond, HookOptions options) => WithTokensAsync(perSecond, options.Calls, options.Runs, "at a rate");

    /// <summary>
    /// Memory of the service from the sixth to the twelfth minute at half of its greatest rate: of each minute the median of a reading a second, since
    /// a single one says at what point between two collections it was taken.
    /// </summary>
    public async Task<Row> MemoryAsync(HookOptions options)
    {
        var half = (await SignedAsync(options)).Service.PerSecond / 2;
        var minutes = new List<double>();
        var batch = (int)(half * BetweenReadings.TotalSeconds);
        for (var minute = 0; minute < 12; minute++)
        {
            var load = new LoadGenerator(service, body, tokens.Mint(batch, audience)).RunAsync(half);
            var readings = new List<double>();
            while (!load.IsCompleted)
            {
                readings.Add(service.Megabytes);
                await Task.WhenAny(load, Task.Delay(TimeSpan.FromSeconds(1)));
            }

            await load;
            minutes.Add(Stopper.Median([.. readings]));
            await Console.Error.WriteLineAsync($"minute {minute + 1}: {minutes[^1]:N0} MB ({readings.Min():N0} to {readings.Max():N0})");
        }

        var (sixth, later) = (minutes[5], minutes[6..].Max());
        return Row.Of($"memory at {half:N0}/s, medians of minutes 6 to 12", $"{sixth:N0} MB, then at most {later:N0} MB", "flat: within 5 %", later <= sixth * 1.05);
    }

    private async Task<Pair> WithTokensAsync(double? perSecond, int calls, int runs, string what)
    {
        string[] minted = [];

        // Both get the same tokens: only the service remembers them.
        return await InTurnAsync(runs, what, () =>
        {
            minted = tokens.Mint(calls, audience);
            return bare;
        }, server => new LoadGenerator(server, body, minted).RunAsync(perSecond));
    }

    private async Task<Pair> InTurnAsync(int runs, string what, Func<ServedProcess> first, Func<ServedProcess, Task<Load>> loadAsync)
    {
        var (ours, theirs) = (new List<Load>(), new List<Load>());
        for (var run = 0; run < runs; run++)
        {
            theirs.Add(await loadAsync(first()));
            ours.Add(await loadAsync(service));
            await Console.Error.WriteLineAsync($"{what}: bare {theirs[^1]}, service {ours[^1]}");
        }

        return new(Median(ours), Median(theirs), Stopper.Median([.. ours.Zip(theirs, (service, bare) => service.PerSecond / bare.PerSecond)]));
    }

    private static Load Median(List<Load> loads) => new(
        Stopper.Median([.. loads.Select(load => load.PerSecond)]), Stopper.Median([.. loads.Select(load => load.ProcessorMicroseconds)]), Stopper.Median([.. loads.Select(load => load.P99)]));
}
