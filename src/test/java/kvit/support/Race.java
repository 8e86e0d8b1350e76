package kvit.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many at once: all threads wait at the line until the last one is there. */
public final class Race {

    private Race() {}

    /** Runs the work so many times on so many threads; rethrows the first failure. */
    public static <T> List<T> run(int threads, int times, Callable<T> work) throws Exception {
        var tasks = new ArrayList<Callable<T>>();
        for (var i = 0; i < times; i++) {
            tasks.add(work);
        }
        return run(threads, tasks);
    }

    public static <T> List<T> run(int threads, List<Callable<T>> tasks) throws Exception {
        var pool = Executors.newFixedThreadPool(threads);
        var line = new CountDownLatch(Math.min(threads, tasks.size()));
        try {
            var running = new ArrayList<Future<T>>();
            for (var task : tasks) {
                running.add(
                        pool.submit(
                                () -> {
                                    line.countDown();
                                    line.await();
                                    return task.call();
                                }));
            }
            var results = new ArrayList<T>();
            for (var future : running) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } finally {
            pool.shutdownNow();
        }
    }
}
