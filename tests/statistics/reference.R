# Recreates tests/statistics/reference.json, which the unit tests compare the cohort study's statistics with.
# Needs base R alone:  Rscript tests/statistics/reference.R > tests/statistics/reference.json
options(digits = 15)

# The 2x2 table is c(a, b, c, d): exposed cases, exposed controls, unexposed cases, unexposed controls.
as_table <- function(t) matrix(t, nrow = 2, byrow = TRUE)

# Limits of the odds ratio: where the tail beyond the observed table makes 2.5 %, counting this share of the table itself:
# all of it gives the exact limits (fisher.test's own are good to four digits only), half of it the mid-p limits.
# The conditional distribution is written out here from dhyper, apart from fisher.test's code.
limits <- function(t, share, level = 0.95) {
  m <- t[1] + t[2]; n <- t[3] + t[4]; k <- t[1] + t[3]; x <- t[1]
  support <- max(0, k - n):min(k, m)
  logs <- dhyper(support, m, n, k, log = TRUE)
  probability <- function(psi) { d <- logs + log(psi) * support; d <- exp(d - max(d)); d / sum(d) }
  alpha <- (1 - level) / 2
  find <- function(beyond) exp(uniroot(function(z) {
    p <- probability(exp(z)); sum(p[beyond(support)]) + p[support == x] * share - alpha
  }, c(-30, 30), tol = 1e-13)$root)
  c(if (x == min(support)) 0 else find(function(s) s > x), if (x == max(support)) Inf else find(function(s) s < x))
}

# Woolf's interval of the sample odds ratio.
woolf <- function(t) {
  or <- t[1] * t[4] / (t[2] * t[3]); se <- sqrt(sum(1 / t))
  c(or, exp(log(or) + c(-1, 1) * qnorm(0.975) * se))
}

# Breslow-Day statistic for a common odds ratio, without Tarone's correction.
breslow_day <- function(tables, or) {
  statistic <- 0
  for (t in tables) {
    m <- t[1] + t[2]; n <- t[3] + t[4]; k <- t[1] + t[3]
    qa <- 1 - or; qb <- n - k + or * (m + k); qc <- -or * m * k
    roots <- if (abs(qa) < 1e-12) -qc / qb else (-qb + c(-1, 1) * sqrt(qb^2 - 4 * qa * qc)) / (2 * qa)
    e <- roots[roots >= max(0, k - n) & roots <= min(m, k)][1]
    v <- 1 / (1 / e + 1 / (m - e) + 1 / (k - e) + 1 / (n - k + e))
    statistic <- statistic + (t[1] - e)^2 / v
  }
  c(statistic, 1 - pchisq(statistic, length(tables) - 1))
}

number <- function(x) ifelse(is.infinite(x), '"Infinity"', format(x, digits = 15, scientific = FALSE, trim = TRUE, nsmall = 1))
list_of <- function(x) paste0("[", paste(number(x), collapse = ", "), "]")

single <- list(
  # Fisher (1935): Johnny's tea tasting; R's own example of fisher.test.
  "Fisher, the lady tasting tea" = c(3, 1, 1, 3),
  # Agresti, Categorical Data Analysis: the convictions of twins, R's other example of fisher.test.
  "Fisher, convictions of like-sex twins" = c(2, 15, 10, 3),
  "one empty cell" = c(0, 8, 6, 4),
  "nobody exposed among the controls" = c(5, 0, 4, 9),
  "large and balanced" = c(120, 880, 240, 1760),
  "large and skewed" = c(37, 4963, 81, 19919),
  "expected counts between one and five" = c(4, 26, 5, 165),
  "very rare" = c(1, 9, 1, 499),
  "common exposure" = c(450, 50, 400, 100)
)
rows <- vapply(names(single), function(name) {
  t <- single[[name]]
  f <- fisher.test(as_table(t))
  parts <- c(sprintf('"name": "%s"', name), sprintf('"table": %s', list_of(t)),
             sprintf('"conditional": %s', list_of(unname(f$estimate))), sprintf('"fisher": %s', list_of(f$conf.int)),
             sprintf('"exact": %s', list_of(limits(t, 1))), sprintf('"midP": %s', list_of(limits(t, 1 / 2))))
  if (all(t > 0)) parts <- c(parts, sprintf('"woolf": %s', list_of(woolf(t))))
  paste0("    { ", paste(parts, collapse = ", "), " }")
}, "")

admissions <- lapply(dimnames(UCBAdmissions)$Dept, function(d) {
  x <- UCBAdmissions[, , d]; c(x[1, 1], x[1, 2], x[2, 1], x[2, 2])
})
small <- list(c(2, 3, 5, 6), c(4, 9, 12, 21), c(7, 15, 9, 30))
# Penicillin and rabbits: an example of R's mantelhaen.test, with strata that say nothing of the odds ratio.
rabbits <- list(c(0, 6, 0, 5), c(3, 3, 0, 6), c(6, 0, 2, 4), c(5, 1, 6, 0), c(2, 0, 5, 0))
stratified <- list("Berkeley admissions by department (UCBAdmissions)" = admissions, "three small strata" = small,
                   "rabbits and penicillin (Agresti)" = rabbits)
mh <- vapply(names(stratified), function(name) {
  tables <- stratified[[name]]
  x <- array(unlist(lapply(tables, as_table)), c(2, 2, length(tables)))
  m <- mantelhaen.test(x, exact = FALSE, correct = FALSE)
  parts <- c(sprintf('"name": "%s"', name),
             sprintf('"tables": [%s]', paste(vapply(tables, list_of, ""), collapse = ", ")),
             sprintf('"estimate": %s', list_of(unname(m$estimate))), sprintf('"interval": %s', list_of(m$conf.int)))
  if (name != "rabbits and penicillin (Agresti)") parts <- c(parts, sprintf('"breslowDay": %s', list_of(breslow_day(tables, unname(m$estimate)))))
  paste0("    { ", paste(parts, collapse = ", "), " }")
}, "")

cat("{\n")
cat(sprintf('  "madeBy": "%s, tests/statistics/reference.R",\n', R.version.string))
cat('  "tables": [\n', paste(rows, collapse = ",\n"), '\n  ],\n', sep = "")
cat('  "stratified": [\n', paste(mh, collapse = ",\n"), '\n  ]\n}\n', sep = "")
