package dev.roomful.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisNoScriptException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** What errors of a server mean. */
final class Failures {
  /** The server does not store the log any more, or not now: another one may. */
  private static final Pattern OTHER_SERVER =
      Pattern.compile("^(MOVED|READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|NOAUTH|WRONGPASS)\\b.*");

  private static final Pattern NO_PERMISSION =
      Pattern.compile("^NOPERM\\b.*|.*(user executing the script can't|ACL failure in script).*");

  private Failures() {}

  static Throwable unwrap(Throwable failure) {
    Throwable inner = failure;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** {@return the messages of an exception and of its causes} */
  static String chain(Throwable failure) {
    StringBuilder chain = new StringBuilder(text(failure));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (chain.indexOf(text(cause)) < 0) {
        chain.append(": ").append(text(cause));
      }
    }
    return chain.toString();
  }

  static boolean isMissingScript(Throwable failure) {
    return failure instanceof RedisNoScriptException;
  }

  static boolean needsOtherConnection(Throwable failure) {
    return failure instanceof RedisCommandTimeoutException
        || OTHER_SERVER.matcher(firstLine(failure)).matches();
  }

  static boolean isMissingPermission(String message) {
    return NO_PERMISSION.matcher(message).matches();
  }

  /** {@return what happened and what to do} */
  static String explain(Throwable failure) {
    String message = firstLine(failure);
    if (isMissingScript(failure)) {
      return "its scripts were removed (SCRIPT FLUSH); they are being loaded again";
    }
    if (message.startsWith("OOM")) {
      return "it has no memory left (" + message + "); increase maxmemory";
    }
    if (isMissingPermission(message)) {
      return "the user lacks a permission (" + message + "); see docs/clustering.md, ACL";
    }
    if (message.startsWith("NOREPLICAS")) {
      return "it has too few replicas (" + message + "); see min-replicas-to-write";
    }
    if (message.startsWith("MISCONF")) {
      return "it cannot save to disk (" + message + ")";
    }
    return message;
  }

  private static String firstLine(Throwable failure) {
    return text(failure).lines().findFirst().orElse("");
  }
}
