package kvit.speed;

import java.util.List;

/**
 * What was measured of one scenario.
 *
 * @param cpu of the measured time
 * @param memory MB of the service at the end of it
 * @param memoryAtMost MB that the service had at the most, since it was started
 */
record Figures(
        String scenario, Measured measured, Processes.Cpu cpu, double memory, double memoryAtMost) {

    private static final int CREATED = 201;
    private static final double MICROS = 1_000_000;

    /** New transfers, and replays, per second. */
    double transfers() {
        return measured.rateOf(CREATED);
    }

    /** CPU time of the service in microseconds for each transfer; whatever else it did is in it. */
    double serviceCpu() {
        return cpu.service() * MICROS / measured.answersWith(CREATED);
    }

    double postgresCpu() {
        return cpu.postgres() * MICROS / measured.answersWith(CREATED);
    }

    static Figures together(String scenario, List<Figures> rounds) {
        var last = rounds.get(rounds.size() - 1);
        return new Figures(
                scenario,
                Measured.together(rounds.stream().map(Figures::measured).toList()),
                rounds.stream()
                        .map(Figures::cpu)
                        .reduce(new Processes.Cpu(0, 0), Processes.Cpu::plus),
                last.memory,
                last.memoryAtMost);
    }
}
