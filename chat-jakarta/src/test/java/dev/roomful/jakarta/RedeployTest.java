package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import dev.roomful.Chat;
import dev.roomful.testkit.WireClient;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.DirResourceSet;
import org.apache.catalina.webresources.FileResourceSet;
import org.apache.catalina.webresources.StandardRoot;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is deployed and undeployed while its server runs. */
class RedeployTest {
  private static final int ROUNDS = 5;

  @TempDir Path folder;

  private final Tomcat tomcat = new Tomcat();

  @BeforeEach
  void start() throws Exception {
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    tomcat.getHost();
    tomcat.start();
  }

  @AfterEach
  void stop() throws Exception {
    tomcat.stop();
    tomcat.destroy();
  }

  /** Deploys the application, with the library's classes in its own class loader. */
  private Context deploy() throws Exception {
    StandardContext context = new StandardContext();
    context.setName("/app");
    context.setPath("/app");
    context.setDocBase(new File(folder.toString()).getAbsolutePath());
    context.addLifecycleListener(new Tomcat.FixContextListener());
    StandardRoot resources = new StandardRoot(context);
    context.setResources(resources);
    for (Class<?> type : List.of(Chat.class, JakartaChat.class, RedeployedApplication.class)) {
      addClasses(resources, type);
    }
    context.addServletContainerInitializer(new WsSci(), Set.of());
    context.addApplicationListener(RedeployedApplication.class.getName());
    tomcat.getHost().addChild(context); // starts it
    return context;
  }

  /** Adds the folder or the JAR that a class was loaded from. */
  private static void addClasses(StandardRoot resources, Class<?> type) throws Exception {
    String file = type.getSimpleName() + ".class";
    URL url = type.getResource(file);
    URLConnection connection = url.openConnection();
    if (connection instanceof JarURLConnection jar) {
      Path path = Path.of(jar.getJarFileURL().toURI());
      resources.addPreResources(
          new FileResourceSet(
              resources, "/WEB-INF/lib/" + path.getFileName(), path.toString(), "/"));
    } else {
      Path path = Path.of(url.toURI());
      for (int i = 0; i < type.getName().split("\\.", -1).length; i++) {
        path = path.getParent();
      }
      resources.addPreResources(
          new DirResourceSet(resources, "/WEB-INF/classes", path.toString(), "/"));
    }
  }

  @Test
  void fiveDeploymentsLeaveNoThreadAndNoClassLoader() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    List<WeakReference<ClassLoader>> classLoaders = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      classLoaders.add(deployAndUndeploy());
    }
    // The JDK keeps the component types of the record whose equals was linked last
    // (java.lang.runtime.ObjectMethods.OBJECT_EQ.asTypeCache); this record takes its place.
    record Displacing(RedeployTest component) {}
    assertEquals(new Displacing(this), new Displacing(this));
    for (WeakReference<ClassLoader> classLoader : classLoaders) {
      Await.collected("the class loader of an undeployed application", classLoader);
    }
    Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
    left.removeAll(before);
    left.removeIf(thread -> !thread.getName().startsWith("roomful"));
    assertEquals(Set.of(), left, "threads of undeployed applications");
  }

  private WeakReference<ClassLoader> deployAndUndeploy() throws Exception {
    Context context = deploy();
    ClassLoader classLoader = context.getLoader().getClassLoader();
    assertNotSame(
        Chat.class,
        classLoader.loadClass(Chat.class.getName()),
        "the application has a library of its own");
    URI address =
        URI.create("ws://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/app/chat/hall");
    try (WireClient client = WireClient.connect(address)) {
      client.text("hello");
      assertEquals("echo hello", client.nextText());
      tomcat.getHost().removeChild(context);
      assertEquals(1012, client.awaitClose().code());
    }
    return new WeakReference<>(classLoader);
  }

  @Test
  void anApplicationThatWasNeverUsedLeavesNoThread() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Context context = deploy();
    tomcat.getHost().removeChild(context);
    Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
    left.removeAll(before);
    left.removeIf(thread -> !thread.getName().startsWith("roomful"));
    assertEquals(Set.of(), left, "threads of the undeployed application");
  }
}
