package dev.roomful.examples;

import dev.roomful.jakarta.JakartaChat;
import dev.roomful.tomcat.TomcatChat;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.catalina.valves.ValveBase;

/** A page and a chat on Tomcat, which does not know the header {@code Forwarded}. */
final class TomcatHost implements Host {
  private final Tomcat tomcat = new Tomcat();
  private final Connector connector = new Connector();
  private final Context context;
  private final Path folder = Files.createTempDirectory("roomful-example");
  private final String host;

  TomcatHost(HttpServlet pages, JakartaChat chat, Listener listener) throws Exception {
    host = listener.host();
    tomcat.setBaseDir(folder.toString());
    connector.setPort(listener.port());
    connector.setProperty("address", host);
    connector.setProperty("acceptCount", "4096");
    connector.setProperty("maxConnections", "-1"); // by default 8,192
    // Each byte of a request starts this time again; a proxy in front may have a better limit.
    connector.setProperty("connectionTimeout", "" + listener.requestTimeout().toMillis());
    connector.setThrowOnFailure(true);
    tomcat.setConnector(connector);
    context = tomcat.addContext("", null);
    if (context instanceof StandardContext standard) {
      // Tomcat would look for references to the class loader of a war, and warn that it may not.
      standard.setClearReferencesRmiTargets(false);
      standard.setClearReferencesThreadLocals(false);
    }
    Tomcat.addServlet(context, "pages", pages).addMapping("/");
    if (listener.trustForwarded()) {
      RemoteIpValve addresses = new RemoteIpValve();
      addresses.setInternalProxies(".*");
      context.getPipeline().addValve(addresses);
      context.getPipeline().addValve(new ForwardedHost());
    }
    TomcatChat.mount(chat, context);
    try {
      tomcat.start();
    } catch (LifecycleException failure) {
      close();
      throw failure;
    }
  }

  /**
   * Makes the host that a proxy forwards the header {@code Host}, which is compared with origins.
   */
  private static final class ForwardedHost extends ValveBase {
    ForwardedHost() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      String forwarded = request.getHeader("X-Forwarded-Host");
      if (forwarded != null) {
        request.getCoyoteRequest().getMimeHeaders().setValue("Host").setString(forwarded);
      }
      getNext().invoke(request, response);
    }
  }

  @Override
  public URI uri() {
    return URI.create("http://" + host + ":" + connector.getLocalPort() + "/");
  }

  @Override
  public void close() {
    try {
      context.stop(); // drains the chat, while the connector still answers
      tomcat.stop();
      tomcat.destroy();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (LifecycleException | IOException failure) {
      throw new IllegalStateException("Tomcat did not stop", failure);
    }
  }
}
