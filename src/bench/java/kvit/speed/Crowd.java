package kvit.speed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import kvit.packaged.Client;
import kvit.packaged.Client.Person;
import kvit.packaged.Service;
import kvit.support.Phones;

/**
 * People in the United States who are signed in, through the doors that everybody uses.
 *
 * @param rich who have more dollars than they will ever send
 * @param poor who have none, and whose transfers are refused
 */
record Crowd(List<Person> rich, List<Person> poor) {

    private static final int THREADS = 16;
    private static final int POOR = 100;

    /** Transfers are of one cent. */
    private static final long FUNDS = 1_000_00;

    static Crowd signIn(Service service, int people) throws IOException, InterruptedException {
        var client = new Client(service);
        var everybody = new ArrayList<Callable<Person>>();
        for (var i = 0; i < people; i++) {
            everybody.add(
                    () -> {
                        var person = client.signIn(Phones.next());
                        client.fund(person, FUNDS);
                        return person;
                    });
        }
        for (var i = 0; i < POOR; i++) {
            everybody.add(() -> client.signIn(Phones.next()));
        }
        var signedIn = inParallel(everybody);
        return new Crowd(signedIn.subList(0, people), signedIn.subList(people, signedIn.size()));
    }

    /** The rich ones first. */
    List<Person> all() {
        return Stream.concat(rich.stream(), poor.stream()).toList();
    }

    private static List<Person> inParallel(List<Callable<Person>> tasks)
            throws IOException, InterruptedException {
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            var people = new ArrayList<Person>();
            for (Future<Person> person : threads.invokeAll(tasks)) {
                people.add(person.get());
            }
            return people;
        } catch (ExecutionException e) {
            throw new IOException("somebody could not sign in", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
